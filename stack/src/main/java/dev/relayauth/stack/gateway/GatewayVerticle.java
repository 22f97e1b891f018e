package dev.relayauth.stack.gateway;

import dev.relayauth.stack.ServiceName;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** The gateway on one event loop; several share the ports. */
final class GatewayVerticle extends AbstractVerticle {
  /** More than any client opens: event streams hold one connection each. */
  private static final int CONNECTIONS_A_REPLICA = 2_048;

  private static final int MAX_URI = 8 * 1024;
  private static final int MAX_HEADERS = 32 * 1024;

  private final int port;
  private final Map<ServiceName, Replicas> services;
  private final Map<ServiceName, Integer> balancers;
  private final AtomicInteger underWay;
  private final RouteTable routes = RouteTable.ofTheContract();
  private final RequestIds ids = new RequestIds();

  /** The ways to the services. */
  private record Clients(HttpClient http, HttpClient grpc) {}

  /**
   * @param balancers further ports, each of which leads to one service whatever the path
   * @param underWay counts the requests that are being answered
   */
  GatewayVerticle(
      int port,
      Map<ServiceName, Replicas> services,
      Map<ServiceName, Integer> balancers,
      AtomicInteger underWay) {
    this.port = port;
    this.services = services;
    this.balancers = balancers;
    this.underWay = underWay;
  }

  @Override
  public void start(Promise<Void> started) {
    HttpClient http =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setMaxPoolSize(CONNECTIONS_A_REPLICA)
                .setConnectTimeout(2_000)
                .setKeepAliveTimeout(20));
    HttpClient grpc =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false)
                .setConnectTimeout(2_000));
    Clients clients = new Clients(http, grpc);
    Health health = new Health(http, services);
    List<Future<?>> listening = new ArrayList<>();
    listening.add(listen(port, request -> route(Inbound.of(request, ids), clients, health)));
    balancers.forEach(
        (service, balancer) ->
            listening.add(
                listen(balancer, request -> pass(Inbound.of(request, ids), clients, service))));
    Future.all(listening).<Void>mapEmpty().onComplete(started);
  }

  private Future<?> listen(int at, Handler<HttpServerRequest> handler) {
    HttpServerOptions options =
        new HttpServerOptions()
            .setHost("127.0.0.1")
            .setPort(at)
            .setMaxInitialLineLength(MAX_URI)
            .setMaxHeaderSize(MAX_HEADERS)
            .setHandle100ContinueAutomatically(true);
    return vertx
        .createHttpServer(options)
        .requestHandler(handler)
        .invalidRequestHandler(request -> refuseInvalid(Inbound.of(request, ids)))
        .listen();
  }

  /** What Netty could not read: there is no telling where a next request would begin. */
  private static void refuseInvalid(Inbound inbound) {
    inbound.response().putHeader("Connection", "close");
    inbound.refuse(
        switch (inbound.request().decoderResult().cause()) {
          case TooLongHttpLineException ignored -> Refusal.URI_TOO_LONG;
          case TooLongHttpHeaderException ignored -> Refusal.HEADERS_TOO_LARGE;
          default -> Refusal.UNREADABLE;
        });
  }

  private void route(Inbound inbound, Clients clients, Health health) {
    Optional<String> probe = Health.probeFor(inbound.path());
    if (probe.isPresent()) {
      health.answer(inbound, probe.get());
      return;
    }
    if (!Paths.isUri(inbound.request().uri())) {
      inbound.refuse(Refusal.NO_URI);
      return;
    }
    Optional<ServiceName> owner =
        Paths.isPlain(inbound.path()) ? routes.ownerOf(inbound.path()) : Optional.empty();
    owner.ifPresentOrElse(
        service -> pass(inbound, clients, service), () -> inbound.refuse(Refusal.NOT_FOUND));
  }

  private void pass(Inbound inbound, Clients clients, ServiceName service) {
    underWay.incrementAndGet();
    AtomicBoolean over = new AtomicBoolean();
    Runnable end =
        () -> {
          if (over.compareAndSet(false, true)) {
            underWay.decrementAndGet();
          }
        };
    inbound.response().endHandler(ended -> end.run()).closeHandler(gone -> end.run());
    BoundedBody.read(inbound.request())
        .onSuccess(body -> offer(inbound, clients, service, body, end))
        .onFailure(refused -> inbound.refuse(Refusal.PAYLOAD_TOO_LARGE));
  }

  private void offer(
      Inbound inbound, Clients clients, ServiceName service, Buffer body, Runnable end) {
    Replicas replicas = services.getOrDefault(service, new Replicas(List.of()));
    if (GrpcCall.isOne(inbound.request())) {
      GrpcCall call = new GrpcCall(clients.grpc(), inbound, body, replicas.inTurn());
      onGone(inbound, call::abandon, end);
      call.offer();
      return;
    }
    Exchange exchange = new Exchange(clients.http(), inbound, body, replicas.inTurn(), end);
    onGone(inbound, exchange::abandon, end);
    exchange.offer();
  }

  private static void onGone(Inbound inbound, Runnable abandon, Runnable end) {
    inbound
        .response()
        .closeHandler(
            gone -> {
              abandon.run();
              end.run();
            });
  }
}
