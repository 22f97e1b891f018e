package dev.relayauth.sdk.verify;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.relayauth.common.token.Claims;
import dev.relayauth.common.token.ClaimsBuilder;
import dev.relayauth.common.token.CryptoProvider;
import dev.relayauth.common.token.JwtType;
import dev.relayauth.common.token.KeySet;
import dev.relayauth.common.token.SigningAlgorithm;
import dev.relayauth.common.token.SigningKey;
import dev.relayauth.common.token.TokenSigner;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** The documents of RelayAuth that a verifier reads, served over HTTP. */
public final class FakeIssuer implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final String url;
  private volatile SigningKey key = SigningKey.generate(SigningAlgorithm.EDDSA);
  private volatile String snapshot = "{\"head\":1,\"complete\":true,\"entries\":[],\"removed\":[]}";
  private volatile boolean feedIsCut;
  private volatile CountDownLatch held = new CountDownLatch(0);
  private volatile boolean streamsStall;
  private final AtomicBoolean keysStall = new AtomicBoolean();
  private final AtomicBoolean snapshotStalls = new AtomicBoolean();
  private final CountDownLatch end = new CountDownLatch(1);
  final AtomicInteger keyRequests = new AtomicInteger();
  final AtomicInteger streamRequests = new AtomicInteger();

  public FakeIssuer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    url = "http://127.0.0.1:" + server.getAddress().getPort();
    server.setExecutor(threads);
    server.createContext(
        "/.well-known/jwks.json",
        exchange -> {
          keyRequests.incrementAndGet();
          awaitRelease();
          stallOnce(exchange, keysStall);
          answer(exchange, 200, KeySet.of(List.of(key.verificationKey())).toJson());
        });
    server.createContext(
        "/v1/revocations/snapshot",
        exchange -> {
          stallOnce(exchange, snapshotStalls);
          answer(exchange, feedIsCut ? 503 : 200, snapshot);
        });
    server.createContext(
        "/v1/revocations/stream",
        exchange -> {
          streamRequests.incrementAndGet();
          if (streamsStall) {
            stall(exchange, "event: ready\ndata: {\"head\":1}\n\n");
          }
          answer(exchange, 404, "{}");
        });
    server.start();
  }

  public String url() {
    return url;
  }

  /** Keeps whoever asks for the keys waiting until that is counted down. */
  CountDownLatch holdKeys() {
    held = new CountDownLatch(1);
    return held;
  }

  private void awaitRelease() {
    try {
      held.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Begins the next answer with the keys, and never ends it. */
  void stallTheKeys() {
    keysStall.set(true);
  }

  /** Begins the next snapshot, and never ends it. */
  void stallASnapshot() {
    snapshotStalls.set(true);
  }

  /** Begins each stream, and says nothing more. */
  void stallStreams() {
    streamsStall = true;
  }

  private void stallOnce(HttpExchange exchange, AtomicBoolean stalls) throws IOException {
    if (stalls.compareAndSet(true, false)) {
      stall(exchange, "{\"head");
    }
  }

  /** As a connection does whose other end was forgotten on the way. */
  private void stall(HttpExchange exchange, String begin) throws IOException {
    exchange.sendResponseHeaders(200, 1_000);
    exchange.getResponseBody().write(begin.getBytes(StandardCharsets.UTF_8));
    exchange.getResponseBody().flush();
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  String kid() {
    return key.kid();
  }

  void rotate() {
    key = SigningKey.generate(SigningAlgorithm.ES256);
  }

  void cutTheFeed() {
    feedIsCut = true;
  }

  /** Answers that in place of a snapshot, as if it were one. */
  void answerInstead(String text) {
    snapshot = text;
  }

  void revokeIdentity(String id, long sequence) {
    snapshot =
        """
        {"head":2,"complete":true,"removed":[],"entries":[{"type":"identity","orgId":"org_acme",
        "targetId":"%s","closed":false,"sequence":%d,"expiresAt":"2999-01-01T00:00:00Z"}]}
        """
            .formatted(id, sequence);
  }

  public String token(String... scopes) {
    return token(claims().scopes(List.of(scopes)));
  }

  public String boundToken(String jkt, String... scopes) {
    return token(claims().scopes(List.of(scopes)).jkt(jkt));
  }

  String token(ClaimsBuilder claims) {
    return new TokenSigner(key, CryptoProvider.jdk()).sign(claims.build(), JwtType.JWT);
  }

  ClaimsBuilder claims() {
    long now = Instant.now().getEpochSecond();
    return Claims.builder()
        .iss(url)
        .sub("agent_bot")
        .jti("tok_1")
        .clientId("agent_bot")
        .org("org_acme")
        .sid("sess_1")
        .sponsorId("user_jane")
        .sponsorChain(List.of("user_jane", "agent_bot"))
        .lineage(List.of())
        .aud(List.of("stripe"))
        .scopes(List.of("stripe:orders:read"))
        .iat(now)
        .nbf(now)
        .exp(now + 600)
        .rev(5);
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    end.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
