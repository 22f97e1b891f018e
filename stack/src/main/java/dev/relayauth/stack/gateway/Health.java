package dev.relayauth.stack.gateway;

import dev.relayauth.stack.ServiceName;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The health of the whole: up while every service has at least one replica that is. */
final class Health {
  private static final Map<String, String> PROBES =
      Map.of(
          "/health", "/q/health/ready",
          "/q/health/ready", "/q/health/ready",
          "/q/health/live", "/q/health/live",
          "/q/health/started", "/q/health/started");
  private static final long LIMIT_MILLIS = 2_000;

  private final HttpClient client;
  private final Map<ServiceName, Replicas> services;

  Health(HttpClient client, Map<ServiceName, Replicas> services) {
    this.client = client;
    this.services = services;
  }

  /** What to ask each service for, if the path is one of ours. */
  static Optional<String> probeFor(String path) {
    return Optional.ofNullable(PROBES.get(path));
  }

  void answer(Inbound inbound, String probe) {
    List<Future<Check>> checks = new ArrayList<>();
    services.forEach(
        (service, replicas) ->
            replicas.all().forEach(replica -> checks.add(check(service, replica, probe))));
    Future.all(checks)
        .onSuccess(done -> write(inbound, checks.stream().map(Future::result).toList()));
  }

  private Future<Check> check(ServiceName service, Replica replica, String probe) {
    return client
        .request(
            new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setHost("127.0.0.1")
                .setPort(replica.port())
                .setURI(probe)
                .setIdleTimeout(LIMIT_MILLIS))
        .compose(request -> request.send())
        .map(HttpClientResponse::statusCode)
        .map(status -> new Check(service, replica.name(), status == 200))
        .otherwise(new Check(service, replica.name(), false));
  }

  private void write(Inbound inbound, List<Check> checks) {
    boolean up =
        services.keySet().stream()
            .allMatch(
                service -> checks.stream().anyMatch(check -> check.service == service && check.up));
    JsonArray each = new JsonArray();
    checks.forEach(
        check -> each.add(new JsonObject().put("name", check.name).put("status", word(check.up))));
    inbound
        .response()
        .setStatusCode(up ? 200 : 503)
        .putHeader("Content-Type", "application/json")
        .putHeader(RequestIds.HEADER, inbound.requestId())
        .end(new JsonObject().put("status", word(up)).put("checks", each).toBuffer());
  }

  private static String word(boolean up) {
    return up ? "UP" : "DOWN";
  }

  private record Check(ServiceName service, String name, boolean up) {}
}
