package dev.relayauth.stack.whole;

import static org.assertj.core.api.Assertions.assertThat;

import dev.relayauth.stack.demo.Api;
import dev.relayauth.stack.demo.Api.Answer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Parts die under a trickle of requests. While they are away: a code, never a wrong permit. After:
 * recovery without a restart, and everything that was accepted is there.
 */
class FaultsIT {
  private static final Duration RECOVERY = Duration.ofSeconds(60);
  private static final List<String> AUDIT_PARTS = List.of("audit-1", "kafka", "postgres");
  private static WholeStack stack;
  private static String goodToken;
  private static String deadToken;

  @BeforeAll
  static void start() {
    stack = WholeStack.start();
    Api api = stack.api();
    api.patch(
            "/v1/organizations/org_acme",
            new JsonObject().put("identityCreationsPerMinute", 100000))
        .expect(200);
    goodToken = issue("good");
    deadToken = issue("dead");
    String id = Jwt.claims(deadToken).getString("jti");
    api.post("/v1/tokens/revoke", new JsonObject().put("tokenId", id)).expect(204);
    WholeStack.await(Duration.ofSeconds(5), () -> !isAllowed(deadToken));
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "identity-1",
        "token-1",
        "policy-1",
        "audit-1",
        "revocation-1",
        "kafka",
        "postgres"
      })
  void survivesTheDeathOfAnyProcess(String name) throws Exception {
    try (Trickle trickle = new Trickle(name)) {
      WholeStack.await(RECOVERY, () -> trickle.accepted.size() >= 3);
      stack.signal(name, "KILL");
      int before = trickle.accepted.size();
      WholeStack.await(RECOVERY, () -> stack.isReady() && trickle.accepted.size() >= before + 10);
      trickle.verify();
    }
  }

  /**
   * {@code -Drelayauth.audit.events} makes it longer, {@code -Drelayauth.audit.kills} harder, and
   * {@code -Drelayauth.audit.seed} has the same die again after the same number of records.
   */
  @Test
  void storesEachAuditRecordOnceInOneTreeWhateverDiesMeanwhile() {
    int kills = Integer.getInteger("relayauth.audit.kills", AUDIT_PARTS.size());
    int count = Integer.getInteger("relayauth.audit.events", 20_000) / (kills + 1);
    long seed = Long.getLong("relayauth.audit.seed", System.nanoTime());
    Random random = new Random(seed);
    List<String> victims = victims(kills, random);
    String run = "%s die in rounds of %,d records, by the seed %d".formatted(victims, count, seed);
    System.out.println(run);
    try (AuditFlood flood = new AuditFlood(stack)) {
      int before = 0;
      for (String victim : victims) {
        int fatal = before + random.nextInt(count);
        Thread sender = Thread.ofPlatform().start(() -> flood.send(count));
        WholeStack.await(AuditFlood.PATIENCE, () -> flood.acknowledged() >= fatal);
        long pid = stack.pid(victim);
        kill(pid);
        join(sender);
        WholeStack.await(RECOVERY, () -> stack.isReady() && stack.pid(victim) != pid);
        before += count;
      }
      flood.send(count);
      flood.verify();
    } catch (AssertionError failure) {
      throw new AssertionError(run, failure);
    }
  }

  /** Who dies, in turn: each part once at least, if there are as many, and any of them again. */
  private static List<String> victims(int kills, Random random) {
    List<String> victims = new ArrayList<>(AUDIT_PARTS);
    while (victims.size() < kills) {
      victims.add(AUDIT_PARTS.get(random.nextInt(AUDIT_PARTS.size())));
    }
    Collections.shuffle(victims, random);
    return victims.subList(0, kills);
  }

  @Test
  void permitsNothingWrongWhileKafkaIsPaused() throws Exception {
    String token = issue("paused");
    stack.signal("kafka", "STOP");
    try (Trickle trickle = new Trickle("paused-kafka")) {
      Answer revoked =
          stack
              .api()
              .post(
                  "/v1/tokens/revoke",
                  new JsonObject().put("tokenId", Jwt.claims(token).getString("jti")));
      assertThat(revoked.status()).isIn(204, 503);
      if (revoked.status() == 204) {
        // The entry can't travel: from the bound on every verifier denies, whatever the token.
        WholeStack.await(Duration.ofSeconds(3), () -> !isAllowed(token));
      }
      stack.signal("kafka", "CONT");
      int before = trickle.accepted.size();
      WholeStack.await(RECOVERY, () -> trickle.accepted.size() >= before + 10);
      WholeStack.await(RECOVERY, () -> isAllowed(goodToken));
      trickle.verify();
    } finally {
      stack.signal("kafka", "CONT");
    }
  }

  /** The process and all that it started, so that nothing of it can end in order. */
  private static void kill(long pid) {
    List<Long> children =
        ProcessHandle.of(pid).stream()
            .flatMap(ProcessHandle::descendants)
            .map(ProcessHandle::pid)
            .toList();
    children.forEach(child -> WholeStack.signal(child, "KILL"));
    WholeStack.signal(pid, "KILL");
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aVerifierThatSleptPermitsNothingThatItMissed() {
    String token = issue("slept");
    WholeStack.await(RECOVERY, () -> isPermitted("policy-1", token) && canRevoke());
    stack.signal("policy-1", "STOP");
    try {
      Answer revoked =
          stack
              .api()
              .post(
                  "/v1/revocations",
                  new JsonObject().put("type", "token").put("id", id(token)).put("wait", "all"));
      // Whoever can't answer is waited for until it can permit nothing.
      revoked.expect(201);
    } finally {
      stack.signal("policy-1", "CONT");
    }
    for (int i = 0; i < 100; i++) {
      assertThat(isPermitted("policy-1", token)).isFalse();
    }
    WholeStack.await(RECOVERY, () -> isPermitted("policy-1", goodToken));
    assertThat(isPermitted("policy-1", token)).isFalse();
  }

  @Test
  void anEntryWhoseRelayDiedBeforeItWasPublishedKillsAllTheSame() {
    String token = issue("unpublished");
    WholeStack.await(RECOVERY, () -> isAllowed(token) && canRevoke());
    stack.signal("kafka", "STOP");
    try {
      stack.api().post("/v1/tokens/revoke", new JsonObject().put("tokenId", id(token))).expect(204);
      stack.signal("revocation-1", "KILL");
    } finally {
      stack.signal("kafka", "CONT");
    }
    // Within the bound nobody need know; from then on it is stale, or has been told.
    WholeStack.await(Duration.ofSeconds(3), () -> !isAllowed(token));
    WholeStack.await(RECOVERY, () -> stack.isReady() && isAllowed(goodToken));
    assertThat(isAllowed(token)).isFalse();
    // One that starts now has heard nothing early: it knows by the topic.
    stack.signal("policy-1", "KILL");
    WholeStack.await(RECOVERY, () -> isAllowed(goodToken));
    assertThat(isAllowed(token)).isFalse();
  }

  @Test
  void aStreamGoesOnWhereItWasWhenItsServiceDied() throws Exception {
    String seen = issue("seen");
    String missed = issue("missed");
    String place;
    try (Follower before = new Follower(null)) {
      WholeStack.await(RECOVERY, () -> before.text().contains("event:ready"));
      revoke(seen);
      WholeStack.await(RECOVERY, () -> before.text().contains(id(seen)));
      place = before.lastId();
      stack.signal("revocation-1", "KILL");
      WholeStack.await(RECOVERY, before::isOver);
    }
    WholeStack.await(RECOVERY, () -> stack.isReady() && isAllowed(goodToken));
    revoke(missed);
    try (Follower after = new Follower(place)) {
      WholeStack.await(RECOVERY, () -> after.text().contains(id(missed)));
      assertThat(after.text()).doesNotContain(id(seen)).doesNotContain("event:reset");
      assertThat(after.text()).contains("\"previous\":" + place);
    }
  }

  /** Again until it is carried out: the service may not be back yet. */
  private static void revoke(String token) {
    JsonObject body = new JsonObject().put("tokenId", id(token));
    WholeStack.await(RECOVERY, () -> stack.api().post("/v1/tokens/revoke", body).status() == 204);
  }

  private static boolean canRevoke() {
    return stack.api().get("/v1/revocations?limit=1").status() == 200;
  }

  private static String id(String token) {
    return Jwt.claims(token).getString("jti");
  }

  private static boolean isPermitted(String replica, String token) {
    Answer answer =
        stack
            .replica(replica)
            .post(
                "/v1/authorize",
                new JsonObject().put("token", token).put("scope", "stripe:orders:read"));
    return answer.status() == 200 && answer.body().getBoolean("allowed");
  }

  /** Reads the revocation stream until it ends or is closed. */
  private static final class Follower implements AutoCloseable {
    private final StringBuffer read = new StringBuffer();
    private final HttpClient client = HttpClient.newHttpClient();
    private final CompletableFuture<?> over;

    Follower(@Nullable String after) {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create(stack.baseUrl() + "/v1/revocations/stream"))
              .header("x-api-key", stack.credentials().getString("adminApiKey"));
      if (after != null) {
        request.header("Last-Event-ID", after);
      }
      over =
          client
              .sendAsync(request.build(), BodyHandlers.ofLines())
              .thenAccept(answer -> answer.body().forEach(line -> read.append(line).append('\n')));
    }

    String text() {
      return read.toString();
    }

    boolean isOver() {
      return over.isDone();
    }

    String lastId() {
      return text()
          .lines()
          .filter(line -> line.startsWith("id:"))
          .reduce("", (first, second) -> second)
          .substring("id:".length())
          .strip();
    }

    @Override
    public void close() {
      client.shutdownNow();
    }
  }

  /** A token of a new agent, as soon as what another test took away is back. */
  private static String issue(String name) {
    AtomicReference<String> token = new AtomicReference<>("");
    WholeStack.await(RECOVERY, () -> tryToIssue(name, token));
    return token.get();
  }

  private static boolean tryToIssue(String name, AtomicReference<String> token) {
    JsonObject body =
        new JsonObject()
            .put("name", name + "-" + Long.toString(System.nanoTime(), 36))
            .put("sponsorId", "user_jane");
    Answer created = stack.api().post("/v1/identities", body);
    if (created.status() != 201) {
      return false;
    }
    Answer issued =
        stack
            .api()
            .post(
                "/v1/tokens",
                new JsonObject()
                    .put("identityId", created.text("id"))
                    .put("scopes", new JsonArray().add("stripe:orders:read")));
    if (issued.status() == 201) {
      token.set(issued.text("accessToken"));
    }
    return issued.status() == 201;
  }

  private static boolean isAllowed(String token) {
    Answer answer =
        stack
            .api()
            .post(
                "/v1/authorize",
                new JsonObject().put("token", token).put("scope", "stripe:orders:read"));
    return answer.status() == 200 && answer.body().getBoolean("allowed");
  }

  /** Creates identities and asks for decisions, one after the other, until closed. */
  private static final class Trickle implements AutoCloseable {
    private static final Set<Integer> WHILE_AWAY = Set.of(201, 200, 503, 502, 504);

    final Queue<String> accepted = new ConcurrentLinkedQueue<>();
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private final String prefix;
    private final Thread thread;
    private volatile boolean running = true;

    Trickle(String name) {
      prefix = name + "-" + Long.toString(System.nanoTime(), 36) + "-";
      thread = Thread.ofPlatform().start(this::run);
    }

    private void run() {
      Api api = stack.api();
      for (int i = 0; running; i++) {
        try {
          Answer created =
              api.post(
                  "/v1/identities",
                  new JsonObject().put("name", prefix + i).put("sponsorId", "user_jane"));
          note("create", created);
          if (created.status() == 201) {
            accepted.add(created.text("id"));
          }
          Answer dead =
              api.post(
                  "/v1/authorize",
                  new JsonObject().put("token", deadToken).put("scope", "stripe:orders:read"));
          note("authorize", dead);
          if (dead.status() == 200 && dead.body().getBoolean("allowed")) {
            wrong.add("a revoked token was permitted");
          }
        } catch (UncheckedIOException e) {
          // A connection that broke: the client doesn't know, and must not be told 201.
        }
      }
    }

    private void note(String what, Answer answer) {
      boolean coded = answer.status() < 400 || answer.body().containsKey("code");
      if (!WHILE_AWAY.contains(answer.status()) || !coded) {
        wrong.add(what + " answered " + answer.status() + ": " + answer.body());
      }
    }

    void verify() {
      stopTrickle();
      assertThat(wrong).isEmpty();
      Api api = stack.api();
      // A 503 here is a part that is not back yet; what was lost never answers 200.
      for (String id : accepted) {
        WholeStack.await(RECOVERY, () -> api.get("/v1/identities/" + id).status() == 200);
      }
      WholeStack.await(RECOVERY, () -> accepted.stream().allMatch(id -> records(api, id) == 1));
    }

    private static int records(Api api, String id) {
      Answer answer = api.get("/v1/audit?action=identity.created&identityId=" + id);
      return answer.status() == 200 ? answer.body().getJsonArray("entries").size() : -1;
    }

    private void stopTrickle() {
      running = false;
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void close() {
      stopTrickle();
    }
  }
}
