package dev.relayauth.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.relayauth.common.event.ApiKeyState;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.freshness.Probe;
import dev.relayauth.common.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The other services, as one service sees them on the wire: their internal routes over test data.
 */
public final class Peers {
  private final HttpServer server;
  private final Map<String, Long> heads = new ConcurrentHashMap<>();
  private final Map<String, ApiKeyState> apiKeys = new ConcurrentHashMap<>();
  private final Map<String, IdentityState> identities = new ConcurrentHashMap<>();
  private final Map<String, Function<Call, @Nullable Object>> routes = new ConcurrentHashMap<>();
  private final AtomicBoolean answering = new AtomicBoolean(true);
  private final String jwks;

  /** A call to a peer: its path, and its body as text. */
  public record Call(String method, String path, String body) {}

  Peers(String jwks) {
    this.jwks = jwks;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::handle);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Whether the peers answer at all; while they don't, every call gets a 503. */
  public void answering(boolean answers) {
    answering.set(answers);
  }

  /**
   * Answers calls whose path starts with {@code prefix}: an object is 200 and its JSON, null is
   * 404.
   */
  public void on(String prefix, Function<Call, @Nullable Object> answer) {
    routes.put(prefix, answer);
  }

  void advance(String topic, long sequence) {
    heads.merge(topic, sequence, Math::max);
  }

  void add(ApiKeyState key) {
    apiKeys.put(key.hash(), key);
  }

  void add(IdentityState identity) {
    identities.put(identity.orgId() + "/" + identity.id(), identity);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      Call call =
          new Call(
              exchange.getRequestMethod(),
              exchange.getRequestURI().getPath(),
              new String(body, StandardCharsets.UTF_8));
      if (!answering.get()) {
        exchange.sendResponseHeaders(503, -1);
        return;
      }
      Object answer = answer(call);
      if (answer == null) {
        exchange.sendResponseHeaders(404, -1);
        return;
      }
      byte[] json =
          answer instanceof String text
              ? text.getBytes(StandardCharsets.UTF_8)
              : Json.write(answer);
      exchange.getResponseHeaders().set("content-type", "application/json");
      exchange.sendResponseHeaders(200, json.length);
      exchange.getResponseBody().write(json);
    }
  }

  private @Nullable Object answer(Call call) {
    for (Map.Entry<String, Function<Call, @Nullable Object>> route : routes.entrySet()) {
      if (call.path().startsWith(route.getKey())) {
        return route.getValue().apply(call);
      }
    }
    String[] parts = call.path().split("/");
    if (call.path().equals("/.well-known/jwks.json")) {
      return jwks;
    }
    if (call.path().equals("/internal/v1/probes")) {
      Probe probe = Json.read(call.body().getBytes(StandardCharsets.UTF_8), Probe.class);
      return new Probe.Echo(heads.getOrDefault(probe.topic(), 0L));
    }
    if (call.path().startsWith("/internal/v1/api-keys/")) {
      return apiKeys.get(parts[parts.length - 1]);
    }
    if (call.path().startsWith("/internal/v1/identities/") && parts.length == 7) {
      return chain(parts[4], parts[5]);
    }
    return null;
  }

  private @Nullable Object chain(String org, String id) {
    IdentityState self = identities.get(org + "/" + id);
    if (self == null) {
      return null;
    }
    List<IdentityState> chain = new ArrayList<>();
    for (String ancestor : self.sponsorChain().subList(1, self.sponsorChain().size())) {
      IdentityState state = identities.get(org + "/" + ancestor);
      if (state != null) {
        chain.add(state);
      }
    }
    return Map.of("chain", chain);
  }
}
