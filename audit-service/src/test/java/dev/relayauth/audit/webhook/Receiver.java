package dev.relayauth.audit.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** A server that webhooks may point to, because the operator of the tests vouches for it. */
public final class Receiver implements QuarkusTestResourceLifecycleManager {
  private static final Map<String, List<Message>> MESSAGES = new ConcurrentHashMap<>();
  private static final Map<String, Integer> ANSWERS = new ConcurrentHashMap<>();
  private static volatile @Nullable HttpServer server;

  /** What came in. */
  public record Message(Headers headers, String body) {}

  @Override
  public Map<String, String> start() {
    HttpServer started = server == null ? listen() : server;
    server = started;
    return Map.of(
        "relayauth.audit.webhooks.allowed-private",
        "127.0.0.1:" + started.getAddress().getPort(),
        "relayauth.audit.webhooks.first-retry",
        "100ms",
        "relayauth.audit.webhooks.longest-retry",
        "200ms",
        "relayauth.audit.webhooks.attempts",
        "6",
        "relayauth.audit.webhooks.degraded-after",
        "2",
        "relayauth.audit.stream.heartbeat",
        "300ms",
        "relayauth.audit.stream.recheck",
        "200ms");
  }

  @Override
  public void stop() {
    // Ends with this JVM: the next test class uses it too.
  }

  /** The URL of a path of its own; answers with that status until told otherwise. */
  public static String url(String path, int status) {
    ANSWERS.put(path, status);
    HttpServer running = server;
    if (running == null) {
      throw new IllegalStateException("no test resource has started the receiver");
    }
    return "http://127.0.0.1:" + running.getAddress().getPort() + path;
  }

  /** What came in at a path. */
  public static List<Message> messages(String path) {
    return MESSAGES.getOrDefault(path, List.of());
  }

  private static HttpServer listen() {
    try {
      HttpServer made =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
      made.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      made.createContext("/", Receiver::take);
      made.start();
      return made;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void take(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    MESSAGES
        .computeIfAbsent(path, key -> new CopyOnWriteArrayList<>())
        .add(new Message(exchange.getRequestHeaders(), body));
    int status = ANSWERS.getOrDefault(path, 404);
    if (status / 100 == 3) {
      exchange.getResponseHeaders().add("Location", "/redirected");
    }
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }
}
