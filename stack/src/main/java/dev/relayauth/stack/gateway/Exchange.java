package dev.relayauth.stack.gateway;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.RequestOptions;
import java.util.Iterator;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way through: offered to one replica after another until one has answered. It
 * is offered again only if the replica surely did nothing with it, or if doing it twice is
 * harmless.
 */
final class Exchange {
  private static final long ANSWER_LIMIT_MILLIS = 30_000;
  private static final Set<HttpMethod> HARMLESS =
      Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

  private final HttpClient client;
  private final Inbound inbound;
  private final HttpServerRequest request;
  private final Buffer body;
  private final Iterator<Replica> replicas;
  private final Runnable over;
  private @Nullable HttpClientRequest upstream;

  /**
   * @param over runs when an answer broke off, which ends the exchange without ending the response
   */
  Exchange(
      HttpClient client, Inbound inbound, Buffer body, Iterator<Replica> replicas, Runnable over) {
    this.client = client;
    this.inbound = inbound;
    this.request = inbound.request();
    this.body = body;
    this.replicas = replicas;
    this.over = over;
  }

  /** Offers the request to the next replica; when none is left, none has done anything. */
  void offer() {
    if (request.response().closed()) {
      return;
    }
    if (!replicas.hasNext()) {
      inbound.refuse(Refusal.SERVICE_UNAVAILABLE);
      return;
    }
    Replica replica = replicas.next();
    client
        .request(options(replica))
        .onFailure(
            notConnected -> {
              replica.setAvailable(false);
              offer();
            })
        .onSuccess(connected -> send(connected, replica));
  }

  private RequestOptions options(Replica replica) {
    RequestOptions options =
        new RequestOptions()
            .setMethod(request.method())
            .setHost("127.0.0.1")
            .setPort(replica.port())
            .setURI(request.uri());
    String accept = request.getHeader("Accept");
    if (accept == null || !accept.contains("text/event-stream")) {
      options.setIdleTimeout(ANSWER_LIMIT_MILLIS);
    }
    return options;
  }

  private void send(HttpClientRequest connected, Replica replica) {
    upstream = connected;
    Headers.forward(request, inbound.requestId(), connected.headers());
    boolean bodiless = body.length() == 0 && HARMLESS.contains(request.method());
    (bodiless ? connected.send() : connected.send(body))
        .onFailure(broken -> retryIfHarmless())
        .onSuccess(answer -> receive(answer, replica));
  }

  private void retryIfHarmless() {
    if (HARMLESS.contains(request.method())) {
      offer();
    } else {
      inbound.refuse(Refusal.ANSWER_LOST);
    }
  }

  private void receive(HttpClientResponse answer, Replica replica) {
    if (isFromAStoppingServer(answer)) {
      replica.setAvailable(false);
      offer();
    } else {
      relay(answer);
    }
  }

  /** A Quarkus server that drains turns new requests away before any route sees them. */
  static boolean isFromAStoppingServer(HttpClientResponse answer) {
    return answer.statusCode() == 503 && answer.getHeader("Content-Type") == null;
  }

  private void relay(HttpClientResponse answer) {
    HttpServerResponse response = request.response();
    response.setStatusCode(answer.statusCode());
    Headers.back(answer.headers(), response.headers());
    if (answer.getHeader(RequestIds.HEADER) == null) {
      response.putHeader(RequestIds.HEADER, inbound.requestId());
    }
    if (answer.getHeader("Content-Length") == null && !request.method().equals(HttpMethod.HEAD)) {
      response.setChunked(true);
    }
    answer.pipe().endOnFailure(false).to(response).onFailure(broken -> breakOff());
  }

  /** One side broke off: the other must neither work on nor think that the answer is complete. */
  private void breakOff() {
    abandon();
    over.run();
    HttpServerResponse response = request.response();
    // Later, since the failed write that told us may still be on the stack.
    Objects.requireNonNull(Vertx.currentContext())
        .runOnContext(
            later -> {
              if (!response.closed()) {
                response.reset();
              }
            });
  }

  /** The client has gone: whatever still works for it may stop. */
  void abandon() {
    if (upstream != null) {
      upstream.reset();
    }
  }
}
