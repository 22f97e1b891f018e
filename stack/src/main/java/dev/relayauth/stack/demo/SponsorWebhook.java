package dev.relayauth.stack.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Where the sponsor is told: a receiver on the loopback port that the stack lets webhooks go to.
 * Messages whose signature (Standard Webhooks) is not ours answer 401 and are not kept.
 */
final class SponsorWebhook implements AutoCloseable {
  private static final int MAX_BODY = 1 << 16;
  private static final String ALGORITHM = "HmacSHA256";

  private final Api api;
  private final byte[] key;
  private final HttpServer server;
  private final String id;
  private final BlockingQueue<JsonObject> messages = new LinkedBlockingQueue<>();

  private SponsorWebhook(Api api, int port, List<String> events) throws IOException {
    this.api = api;
    this.key = new byte[32];
    new SecureRandom().nextBytes(key);
    this.server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.createContext("/", this::receive);
    server.start();
    JsonObject body =
        new JsonObject()
            .put("url", "http://127.0.0.1:" + port + "/relayauth")
            .put("secret", "whsec_" + Base64.getEncoder().encodeToString(key))
            .put("events", new JsonArray(events));
    this.id = api.post("/v1/audit/webhooks", body).expect(201).text("id");
  }

  /** Listens on {@code port} and has these events sent there until it is closed. */
  static SponsorWebhook open(Api api, int port, List<String> events) {
    try {
      return new SponsorWebhook(api, port, events);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Waits until there was a message of each type about that identity.
   *
   * @return the types, in the order in which the first of each came
   * @throws IllegalStateException when one does not come in time
   */
  List<String> await(String identityId, Collection<String> types, Duration within) {
    Set<String> told = new LinkedHashSet<>();
    long giveUp = System.nanoTime() + within.toNanos();
    try {
      while (!told.containsAll(types)) {
        JsonObject message = messages.poll(giveUp - System.nanoTime(), TimeUnit.NANOSECONDS);
        if (message == null) {
          throw new IllegalStateException("the webhook was told of " + told + " alone in time");
        }
        if (identityId.equals(message.getJsonObject("data").getString("identityId"))) {
          told.add(message.getString("type"));
        }
      }
      return List.copyOf(told);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    api.delete("/v1/audit/webhooks/" + id).expect(204);
  }

  private void receive(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY);
      boolean ours = isSigned(exchange, body);
      if (ours) {
        messages.add(new JsonObject(new String(body, UTF_8)));
      }
      exchange.sendResponseHeaders(ours ? 204 : 401, -1);
    }
  }

  private boolean isSigned(HttpExchange exchange, byte[] body) {
    String message = exchange.getRequestHeaders().getFirst("webhook-id");
    String timestamp = exchange.getRequestHeaders().getFirst("webhook-timestamp");
    String signature = exchange.getRequestHeaders().getFirst("webhook-signature");
    if (message == null || timestamp == null || signature == null) {
      return false;
    }
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      mac.update((message + "." + timestamp + ".").getBytes(UTF_8));
      String expected = "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
      return MessageDigest.isEqual(expected.getBytes(UTF_8), signature.getBytes(UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
