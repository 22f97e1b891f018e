package dev.relayauth.stack.whole;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Decisions by gRPC at the one base URL, message by message as they are on the wire. */
class GrpcIT {
  private static final Vertx VERTX = Vertx.vertx();
  private static WholeStack stack;
  private static HttpClient client;
  private static String agent;

  private record Answer(int status, @Nullable String grpcStatus, Buffer message) {}

  @BeforeAll
  static void start() {
    stack = WholeStack.shared();
    client =
        VERTX.createHttpClient(
            new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false));
    JsonObject asked =
        new JsonObject()
            .put("name", "grpc-" + Long.toString(System.nanoTime(), 36))
            .put("sponsorId", "user_jane")
            .put("scopes", new JsonArray().add("stripe:orders:read"));
    agent = stack.api().post("/v1/identities", asked).expect(201).text("id");
  }

  @AfterAll
  static void stop() {
    VERTX.close();
  }

  @Test
  void decidesThroughTheGateway() {
    String key = stack.credentials().getString("adminApiKey");

    Answer allowed = check(key, "stripe:orders:read");
    Answer denied = check(key, "stripe:orders:refund");

    assertThat(allowed.grpcStatus()).isEqualTo("0");
    assertThat(text(allowed)).contains("allow").contains("granted");
    assertThat(denied.grpcStatus()).isEqualTo("0");
    assertThat(text(denied)).contains("deny").contains("implicit_deny");
  }

  @Test
  void passesOnWhatIsWrongWithACall() {
    String key = stack.credentials().getString("adminApiKey");

    // UNAUTHENTICATED and INVALID_ARGUMENT.
    assertThat(check("rak_nobody", "stripe:orders:read").grpcStatus()).isEqualTo("16");
    assertThat(check(key, "no scope").grpcStatus()).isEqualTo("3");
  }

  private static Answer check(String key, String scope) {
    URI base = URI.create(stack.baseUrl());
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setHost(base.getHost())
            .setPort(base.getPort())
            .setURI("/relayauth.v1.Authorization/Check")
            .putHeader("content-type", "application/grpc")
            .putHeader("te", "trailers")
            .putHeader("x-api-key", key);
    Future<Answer> answer =
        client
            .request(options)
            .compose(request -> request.send(question(scope)))
            .compose(
                response ->
                    response
                        .body()
                        .map(
                            body -> {
                              String inHeaders = response.getHeader("grpc-status");
                              String status =
                                  inHeaders == null
                                      ? response.getTrailer("grpc-status")
                                      : inHeaders;
                              return new Answer(response.statusCode(), status, body);
                            }));
    return answer.toCompletionStage().toCompletableFuture().join();
  }

  /**
   * {@code CheckRequest{identity_id = 2, scope = 3}}, not compressed, with its length before it.
   */
  private static Buffer question(String scope) {
    Buffer message = Buffer.buffer();
    append(message, 2, agent);
    append(message, 3, scope);
    return Buffer.buffer().appendByte((byte) 0).appendInt(message.length()).appendBuffer(message);
  }

  /** A field of text shorter than 128 bytes. */
  private static void append(Buffer message, int field, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    message.appendByte((byte) (field << 3 | 2)).appendByte((byte) bytes.length).appendBytes(bytes);
  }

  private static String text(Answer answer) {
    return answer.message().toString(StandardCharsets.UTF_8);
  }
}
