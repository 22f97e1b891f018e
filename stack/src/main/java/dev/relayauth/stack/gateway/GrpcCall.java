package dev.relayauth.stack.gateway;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * A unary gRPC call on its way through, HTTP/2 without TLS on both sides. It is offered to another
 * replica only when one could not be reached or was stopping; then nothing was done with it.
 */
final class GrpcCall {
  private static final String MEDIA_TYPE = "application/grpc";
  private static final long ANSWER_LIMIT_MILLIS = 30_000;

  /** The status of a call that may be tried again. */
  private static final String UNAVAILABLE = "14";

  private final HttpClient client;
  private final Inbound inbound;
  private final HttpServerRequest request;
  private final Buffer message;
  private final Iterator<Replica> replicas;
  private @Nullable HttpClientRequest upstream;

  /**
   * @param client that speaks HTTP/2
   */
  GrpcCall(HttpClient client, Inbound inbound, Buffer message, Iterator<Replica> replicas) {
    this.client = client;
    this.inbound = inbound;
    this.request = inbound.request();
    this.message = message;
    this.replicas = replicas;
  }

  /** Whether a request is one. */
  static boolean isOne(HttpServerRequest request) {
    String type = request.getHeader("Content-Type");
    return request.version() == HttpVersion.HTTP_2
        && request.method().equals(HttpMethod.POST)
        && type != null
        && type.startsWith(MEDIA_TYPE);
  }

  /** Offers the call to the next replica; answers UNAVAILABLE when none is left. */
  void offer() {
    if (!replicas.hasNext()) {
      refuse();
      return;
    }
    Replica replica = replicas.next();
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setHost("127.0.0.1")
            .setPort(replica.port())
            .setURI(request.uri())
            .setIdleTimeout(ANSWER_LIMIT_MILLIS);
    client
        .request(options)
        .onFailure(notConnected -> leave(replica))
        .onSuccess(connected -> send(connected, replica));
  }

  private void leave(Replica replica) {
    replica.setAvailable(false);
    offer();
  }

  private void send(HttpClientRequest connected, Replica replica) {
    upstream = connected;
    Headers.forward(request, inbound.requestId(), connected.headers());
    connected
        .putHeader("TE", "trailers")
        .send(message)
        .onFailure(broken -> refuse())
        .onSuccess(answer -> receive(answer, replica));
  }

  private void receive(HttpClientResponse answer, Replica replica) {
    if (Exchange.isFromAStoppingServer(answer)) {
      leave(replica);
    } else {
      answer.body().onFailure(broken -> refuse()).onSuccess(body -> relay(answer, body));
    }
  }

  private void relay(HttpClientResponse answer, Buffer body) {
    HttpServerResponse response = request.response();
    if (response.closed()) {
      return;
    }
    response.setStatusCode(answer.statusCode());
    Headers.back(answer.headers(), response.headers());
    answer.trailers().forEach(trailer -> response.putTrailer(trailer.getKey(), trailer.getValue()));
    response.end(body);
  }

  private void refuse() {
    HttpServerResponse response = request.response();
    if (!response.closed() && !response.headWritten()) {
      response
          .putHeader("Content-Type", MEDIA_TYPE)
          .putHeader("grpc-status", UNAVAILABLE)
          .putHeader(RequestIds.HEADER, inbound.requestId())
          .end();
    }
  }

  /** The client has gone: whatever still works for it may stop. */
  void abandon() {
    if (upstream != null) {
      upstream.reset();
    }
  }
}
