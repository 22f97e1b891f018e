package dev.relayauth.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the client makes of answers, from a server that answers as it is told. */
class TransportTest {
  private static final String AGENT =
      "{\"id\":\"agent_1\",\"name\":\"bot\",\"type\":\"agent\",\"scopes\":[],\"roles\":[]}";

  /** Statuses of answers that never are. */
  private static final int LOST = -1;

  private static final int STALLED = -2;
  private static final int DRIPPING = -3;

  private record Told(int status, String body, Map<String, String> headers) {}

  private record Asked(String line, Map<String, List<String>> headers, long nanos) {}

  private final Deque<Told> answers = new ConcurrentLinkedDeque<>();
  private final Queue<Asked> asked = new ConcurrentLinkedQueue<>();
  private final CountDownLatch end = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private volatile CountDownLatch held = new CountDownLatch(0);
  private HttpServer server;
  private RelayAuthClient client;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
    client = client("rak_test");
  }

  @AfterEach
  void stop() {
    end.countDown();
    held.countDown();
    server.stop(0);
    threads.shutdownNow();
    client.close();
  }

  @Test
  @Tag("waits")
  void triesAgainAtThePaceThatItIsAskedFor() {
    tell(429, problem("rate_limited"), Map.of("Retry-After", "1"));
    tell(503, problem("storage_unavailable"), Map.of("Retry-After", "0"));
    tell(200, AGENT, Map.of());

    assertThat(client.identities().get("agent_1").id()).isEqualTo("agent_1");

    List<Asked> seen = List.copyOf(asked);
    assertThat(seen).hasSize(3);
    // Later than asked for is fine, sooner is not.
    assertThat(seen.get(1).nanos() - seen.get(0).nanos())
        .isGreaterThan(Duration.ofMillis(990).toNanos());
  }

  @ParameterizedTest
  @ValueSource(strings = {"31", "3600", "999999", "Tue, 31 Dec 2999 23:59:59 GMT"})
  void givesTheErrorBackRatherThanComeBeforeItIsAskedTo(String later) {
    tell(429, problem("rate_limited"), Map.of("Retry-After", later));

    assertThatThrownBy(() -> client.identities().get("agent_1"))
        .isInstanceOfSatisfying(
            RelayAuthException.RateLimited.class,
            failure ->
                assertThat(failure.retryAfter())
                    .hasValueSatisfying(
                        pause -> assertThat(pause).isGreaterThan(Duration.ofSeconds(30))));

    assertThat(asked).hasSize(1);
  }

  @Test
  void takesADateThatIsPastForNow() {
    tell(503, problem("x"), Map.of("Retry-After", "Fri, 31 Dec 1999 23:59:59 GMT"));
    tell(200, AGENT, Map.of());

    client.identities().get("agent_1");

    assertThat(asked).hasSize(2);
  }

  @Test
  void sendsARequestFourTimesWhenNotToldOtherwise() {
    for (int i = 0; i < 4; i++) {
      tell(429, problem("rate_limited"), Map.of("Retry-After", "0"));
    }
    try (RelayAuthClient plain =
        RelayAuthClient.builder().url(address()).apiKey("rak_test").build()) {
      assertThatThrownBy(() -> plain.identities().get("agent_1"))
          .isInstanceOf(RelayAuthException.RateLimited.class);
    }

    assertThat(asked).hasSize(4);
  }

  @Test
  void sendsARepeatedCreationUnderOneKey() {
    tell(503, problem("storage_unavailable"), Map.of("Retry-After", "0"));
    tell(201, AGENT, Map.of());

    client.identities().create(NewIdentity.agent("bot", "user_jane"));

    assertThat(asked.stream().map(each -> each.headers().get("Idempotency-key")).distinct())
        .hasSize(1)
        .doesNotContainNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"storage_unavailable", "answer_lost", "unknown"})
  void neverRepeatsAWriteThatMayHaveBeenDone(String code) {
    tell(503, problem(code), Map.of("Retry-After", "0"));

    assertThatThrownBy(() -> client.tokens().issue(TokenRequest.forIdentity("agent_1")))
        .isInstanceOfSatisfying(
            RelayAuthException.Unavailable.class,
            failure -> assertThat(failure.code()).isEqualTo(code));

    assertThat(asked).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"503, service_unavailable", "503, revocation_feed_stale", "429, rate_limited"})
  void repeatsAWriteThatWasSurelyNotDone(int status, String code) {
    tell(status, problem(code), Map.of("Retry-After", "0"));
    tell(201, pair("first", Instant.now().plusSeconds(60)), Map.of());

    client.tokens().issue(TokenRequest.forIdentity("agent_1"));

    assertThat(asked).hasSize(2);
  }

  @Test
  void repeatsWhatIsTheSameTwice() {
    for (int i = 0; i < 2; i++) {
      tell(503, problem("answer_lost"), Map.of("Retry-After", "0"));
      tell(200, "{}", Map.of());
    }

    client.budgets().voidReservation("agent_1", "bud_1");
    client.budgets().commit("agent_1", "bud_1", java.math.BigDecimal.ONE);

    assertThat(asked).hasSize(4);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PUT", "DELETE"})
  void repeatsWhatHttpCallsIdempotent(String method) {
    tell(503, problem("answer_lost"), Map.of("Retry-After", "0"));
    tell(LOST, "", Map.of());
    tell(200, "{}", Map.of());

    client.call(method, "/v1/roles/role_1", null);

    assertThat(asked).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(ints = {503, LOST})
  void repeatsNoPatchThatMayHaveBeenDone(int status) {
    tell(status, problem("answer_lost"), Map.of("Retry-After", "0"));

    assertThatThrownBy(() -> client.identities().update("agent_1", Map.of("name", "other")))
        .isInstanceOf(RelayAuthException.Unavailable.class);

    assertThat(asked).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {STALLED, DRIPPING})
  @Tag("waits")
  void givesAnAttemptNoMoreTimeForItsBodyThanForItsHead(int status) {
    tell(status, AGENT, Map.of());
    tell(200, AGENT, Map.of());
    tell(status, AGENT, Map.of());

    try (RelayAuthClient hasty = describe("rak_test").timeout(Duration.ofSeconds(1)).build()) {
      assertThat(hasty.identities().get("agent_1").id()).isEqualTo("agent_1");
      assertThatThrownBy(() -> hasty.tokens().issue(TokenRequest.forIdentity("agent_1")))
          .isInstanceOfSatisfying(
              RelayAuthException.Unavailable.class,
              failure -> assertThat(failure.code()).isEqualTo("unreachable"));
    }

    assertThat(asked).hasSize(3);
  }

  @ParameterizedTest
  @CsvSource(
      value = {"<html>Sign in</html>", "[]", "null", "''", "{", "{\"id\":{}}"},
      quoteCharacter = '\'',
      delimiter = ';')
  void saysThatAnAnswerCanNotBeRead(String body) {
    tell(200, body == null ? "" : body, Map.of());

    assertThatThrownBy(() -> client.identities().get("agent_1"))
        .isInstanceOfSatisfying(
            RelayAuthException.Unreadable.class,
            failure -> {
              assertThat(failure.status()).isEqualTo(200);
              assertThat(failure.code()).isEqualTo("unreadable_answer");
            });

    assertThat(asked).hasSize(1);
  }

  @Test
  void givesUpAfterItsAttemptsWithATypedError() {
    for (int i = 0; i < 3; i++) {
      tell(429, problem("rate_limited"), Map.of("Retry-After", "0"));
    }

    assertThatThrownBy(() -> client.identities().get("agent_1"))
        .isInstanceOf(RelayAuthException.RateLimited.class);

    assertThat(asked).hasSize(3);
  }

  @ParameterizedTest
  @CsvSource({
    "400, Invalid",
    "401, Unauthenticated",
    "403, Forbidden",
    "404, NotFound",
    "409, Conflict",
    "412, Conflict",
    "413, Invalid",
    "500, Unavailable"
  })
  void throwsWhatTheStatusMeansWithoutAnotherAttempt(int status, String type) {
    tell(status, problem("some_slug"), Map.of());

    RelayAuthException failure =
        catchThrowableOfType(RelayAuthException.class, () -> client.identities().get("agent_1"));

    assertThat(failure.getClass().getSimpleName()).isEqualTo(type);
    assertThat(failure.status()).isEqualTo(status);
    assertThat(failure.code()).isEqualTo("some_slug");
    assertThat(failure.requestId()).contains("req_1");
    assertThat(asked).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      value = {"<html>", "5", "null", "[]", "''"},
      quoteCharacter = '\'',
      delimiter = ';')
  void takesARefusalThatIsNoProblemDocument(String body) {
    tell(404, body == null ? "" : body, Map.of());

    assertThatThrownBy(() -> client.identities().get("agent_1"))
        .isInstanceOf(RelayAuthException.NotFound.class);
  }

  @Test
  void saysThatNobodyIsThere() {
    server.stop(0);

    RelayAuthException failure =
        catchThrowableOfType(RelayAuthException.class, () -> client.identities().get("agent_1"));

    assertThat(failure).isInstanceOf(RelayAuthException.Unavailable.class);
    assertThat(failure.status()).isZero();
    assertThat(failure.code()).isEqualTo("unreachable");
  }

  @Test
  void readsNoAnswerWithoutEnd() {
    tell(200, "\"" + "x".repeat((64 << 20) + 1) + "\"", Map.of());

    assertThatThrownBy(() -> client.identities().create(NewIdentity.agent("a", "user_jane")))
        .isInstanceOf(RelayAuthException.class);
  }

  @Test
  void leadsNoCallToAnotherHostOrRoute() {
    assertThatThrownBy(() -> client.call("GET", "@evil.example/", null))
        .isInstanceOf(IllegalArgumentException.class);
    for (String id : List.of("", " ", ".", "..")) {
      assertThatThrownBy(() -> client.identities().delete(id))
          .isInstanceOf(IllegalArgumentException.class);
    }

    assertThat(asked).isEmpty();
  }

  @Test
  void neverQuotesACredential() {
    assertThatThrownBy(() -> client("rak_secret\nX-Evil: 1"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("rak_secret");
    assertThat(new Secret(" rak_secret\n").value()).isEqualTo("rak_secret");
  }

  @Test
  void showsTheRevisionOfItsWritesToItsReads() {
    tell(201, AGENT, Map.of("Relay-Revision", "seen-7"));
    tell(200, AGENT, Map.of());

    client.identities().create(NewIdentity.agent("bot", "user_jane"));
    client.identities().get("agent_1");

    assertThat(List.copyOf(asked).get(1).headers().get("Relay-revision")).containsExactly("seen-7");
  }

  @Test
  void refreshesASessionBeforeItsTokenEnds() {
    AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
    try (RelayAuthClient timed = describe("rak_test").clock(now::get).build()) {
      tell(201, pair("first", now.get().plusSeconds(60)), Map.of());
      AgentSession session = timed.openSession(TokenRequest.forIdentity("agent_1"));
      assertThat(session.accessToken().value()).isEqualTo("first");

      now.set(now.get().plusSeconds(31));
      tell(200, pair("second", now.get().plusSeconds(60)), Map.of());

      assertThat(session.accessToken().value()).isEqualTo("second");
      assertThat(session.accessToken().value()).isEqualTo("second");
      assertThat(asked).hasSize(2);
    }
  }

  @Test
  void refreshesASessionWithoutBlockingWhoAsksAsynchronously() throws Exception {
    AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
    try (RelayAuthClient timed = describe("rak_test").clock(now::get).build()) {
      tell(201, pair("first", now.get().plusSeconds(60)), Map.of());
      AgentSession session = timed.openSession(TokenRequest.forIdentity("agent_1"));
      now.set(now.get().plusSeconds(31));
      held = new CountDownLatch(1);
      tell(200, pair("second", now.get().plusSeconds(60)), Map.of());
      tell(200, AGENT, Map.of());

      CompletableFuture<Identity> answer = timed.as(session).identities().getAsync("agent_1");
      assertThat(answer).isNotDone();
      held.countDown();

      assertThat(answer.get().id()).isEqualTo("agent_1");
      assertThat(List.copyOf(asked).get(2).headers().get("Authorization"))
          .containsExactly("Bearer second");
    }
  }

  @Test
  void failsTheFutureWhenTheSessionHasEnded() {
    AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
    try (RelayAuthClient timed = describe("rak_test").clock(now::get).build()) {
      tell(201, pair("first", now.get().plusSeconds(60)), Map.of());
      AgentSession session = timed.openSession(TokenRequest.forIdentity("agent_1"));
      now.set(now.get().plusSeconds(31));
      tell(401, problem("token_revoked"), Map.of());

      CompletableFuture<Identity> answer = timed.as(session).identities().getAsync("agent_1");

      assertThatThrownBy(answer::get).hasCauseInstanceOf(RelayAuthException.Unauthenticated.class);
      tell(401, problem("token_revoked"), Map.of());
      assertThatThrownBy(session::accessToken)
          .isInstanceOf(RelayAuthException.Unauthenticated.class);
    }
  }

  @Test
  void provesAKeyAnewWithEachAttemptOfABoundSession() {
    DpopKey key = DpopKey.generate();
    tell(201, pair("unbound", Instant.now().plusSeconds(600)), Map.of());
    tell(503, problem("storage_unavailable"), Map.of("Retry-After", "0"));
    tell(200, pair("bound", Instant.now().plusSeconds(600)), Map.of());
    tell(200, AGENT, Map.of());

    AgentSession session = client.openSession(TokenRequest.forIdentity("agent_1"), key);
    client.as(session).identities().get("agent_1");

    List<Asked> seen = List.copyOf(asked);
    assertThat(seen.get(1).headers().get("Dpop")).hasSize(1);
    assertThat(seen.get(2).headers().get("Dpop"))
        .hasSize(1)
        .isNotEqualTo(seen.get(1).headers().get("Dpop"));
    assertThat(seen.get(3).headers().get("Authorization")).containsExactly("DPoP bound");
    assertThat(seen.get(3).headers().get("Dpop")).hasSize(1);
  }

  private RelayAuthClient client(String key) {
    return describe(key).build();
  }

  private String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
  }

  private RelayAuthClient.Builder describe(String key) {
    return RelayAuthClient.builder()
        .url(address())
        .apiKey(key)
        .attempts(3)
        .organization("org_acme");
  }

  private void tell(int status, String body, Map<String, String> headers) {
    answers.add(new Told(status, body, headers));
  }

  private static String problem(String code) {
    return "{\"status\":1,\"code\":\"%s\",\"detail\":null,\"requestId\":\"req_1\"}".formatted(code);
  }

  private static String pair(String access, Instant end) {
    return """
    {"accessToken":"%s","refreshToken":"next","accessTokenExpiresAt":"%s",
     "refreshTokenExpiresAt":"%s","tokenType":"Bearer","sessionId":"sess_1","scopes":[]}
    """
        .formatted(access, end, end);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      asked.add(
          new Asked(
              exchange.getRequestMethod() + " " + exchange.getRequestURI(),
              Map.copyOf(exchange.getRequestHeaders()),
              System.nanoTime()));
      held.await();
      Told next = answers.removeFirst();
      if (next.status() < 0) {
        begin(exchange, next);
        return;
      }
      next.headers().forEach(exchange.getResponseHeaders()::add);
      byte[] body = next.body().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(next.status(), body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Never ends an answer. */
  private void begin(HttpExchange exchange, Told told) throws IOException, InterruptedException {
    if (told.status() == LOST) {
      return;
    }
    exchange.sendResponseHeaders(200, 1 << 20);
    exchange.getResponseBody().write('{');
    exchange.getResponseBody().flush();
    while (!end.await(10, TimeUnit.MILLISECONDS)) {
      if (told.status() == DRIPPING) {
        exchange.getResponseBody().write(' ');
        exchange.getResponseBody().flush();
      }
    }
  }
}
