package dev.relayauth.stack.bench;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.nio.charset.StandardCharsets;
import java.util.function.IntFunction;

/**
 * {@code relayauth.v1.Authorization/Check} over HTTP/2 in clear text, its messages written by hand:
 * a generated client would cost more than what is measured.
 */
final class GrpcCalls {
  static final String CONTENT_TYPE = "application/grpc";

  private static final int CONNECTIONS = 4;
  private static final int TOKEN_FIELD = 1;
  private static final int SCOPE_FIELD = 3;
  private static final int LENGTH_DELIMITED = 2;

  private final HttpClient client;
  private final String credential;

  GrpcCalls(Vertx vertx, String credential) {
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false),
            new PoolOptions().setHttp2MaxSize(CONNECTIONS));
    this.credential = credential;
  }

  /** Checks of that scope with the n-th token, at a port; an echo answers as many bytes. */
  LoadGenerator.Calls check(
      String name, int port, IntFunction<String> tokens, String scope, int answerBytes) {
    return new LoadGenerator.Calls(
        name, number -> send(port, message(tokens.apply(number), scope), answerBytes));
  }

  private Future<Integer> send(int port, Buffer message, int answerBytes) {
    RequestOptions options =
        new RequestOptions()
            .setHost("127.0.0.1")
            .setPort(port)
            .setMethod(HttpMethod.POST)
            .setURI("/relayauth.v1.Authorization/Check")
            .putHeader("content-type", CONTENT_TYPE)
            .putHeader("te", "trailers")
            .putHeader("authorization", "Bearer " + credential)
            .putHeader("x-answer-bytes", Integer.toString(answerBytes));
    return client
        .request(options)
        .compose(request -> request.send(message))
        .compose(response -> response.body().compose(body -> checked(response, body)));
  }

  private static Future<Integer> checked(HttpClientResponse response, Buffer body) {
    String status = response.getTrailer("grpc-status");
    return "0".equals(status)
        ? Future.succeededFuture(body.length())
        : Future.failedFuture("grpc-status " + status + ", HTTP " + response.statusCode());
  }

  /** One message after its prefix: not compressed, and its length. */
  private static Buffer message(String token, String scope) {
    Buffer fields = Buffer.buffer(token.length() + scope.length() + 8);
    text(fields, TOKEN_FIELD, token);
    text(fields, SCOPE_FIELD, scope);
    return Buffer.buffer(fields.length() + 5)
        .appendByte((byte) 0)
        .appendInt(fields.length())
        .appendBuffer(fields);
  }

  private static void text(Buffer fields, int number, String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    fields.appendByte((byte) ((number << 3) | LENGTH_DELIMITED));
    int left = bytes.length;
    while (left > 0x7f) {
      fields.appendByte((byte) ((left & 0x7f) | 0x80));
      left >>>= 7;
    }
    fields.appendByte((byte) left).appendBytes(bytes);
  }
}
