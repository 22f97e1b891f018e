package dev.relayauth.stack.bench;

import dev.relayauth.stack.bench.RevocationVictim.Held;
import dev.relayauth.stack.demo.Api;
import dev.relayauth.stack.demo.Tokens;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Revocations of all kinds at a steady rate, with event streams open; a sample of them is timed
 * from the 2xx until each replica of each service first denies, and another is waited for with
 * {@code wait: all}, after which each replica is asked once.
 */
final class RevokeBench {
  private static final int VICTIMS = 10;
  private static final int ORGANIZATIONS = 60;

  /** Until then a figure tells of the compilers of ten processes. */
  private static final Duration WARM_UP = Duration.ofSeconds(30);

  private static final List<String> KINDS =
      List.of("token", "session", "identity", "sponsor", "workspace", "organization");

  /** Algorithms that no other organisation of the stack signs with: their keys may die. */
  private static final List<String> ALGORITHMS = List.of("ES256", "RS256");

  private static final long BOUND_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long KEY_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long PERMIT_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final Api api;
  private final Api platform;
  private final String org;
  private final DenialWatch watch;
  private final EventSubscribers subscribers;
  private final String suffix = Long.toString(System.currentTimeMillis(), 36);
  private final Map<String, Latencies> byVerifier = new LinkedHashMap<>();
  private final Map<String, Latencies> byKind = new LinkedHashMap<>();
  private final Latencies each = new Latencies();
  private final Latencies slowest = new Latencies();
  private final Latencies acknowledged = new Latencies();
  private final List<String> dead = new ArrayList<>();
  private int refusedAtFirst;
  private int permits;
  private int permitsAfterAll;

  RevokeBench(Api api, RunningStack stack, EventSubscribers subscribers) {
    this.api = api;
    this.platform = api.as(stack.credentials().getString("platformKey"));
    this.org = stack.credentials().getString("orgId");
    this.subscribers = subscribers;
    this.watch = new DenialWatch(stack.verifiers());
  }

  /** Runs so many timed revocations of each kind beside {@code perSecond} others. */
  JsonObject run(int perSecond, int ofEachKind) throws InterruptedException {
    String kid = "";
    for (String algorithm : ALGORITHMS) {
      kid = timeKey(algorithm);
    }
    try (RevocationLoad load =
        new RevocationLoad("warm-up", platform, kid, victims("w", VICTIMS), List.of())) {
      load.start(perSecond);
      Thread.sleep(WARM_UP);
    }
    List<RevocationVictim> victims = victims("v", VICTIMS);
    List<RevocationVictim> lost = organizations("t", 2 * ofEachKind);
    try (watch;
        RevocationLoad load =
            new RevocationLoad(
                "beside the timed ones",
                platform,
                kid,
                victims("b", VICTIMS),
                organizations("b", ORGANIZATIONS))) {
      load.start(perSecond);
      for (int i = 0; i < ofEachKind; i++) {
        for (String kind : KINDS) {
          time(victim(kind, i, victims, lost), kind);
        }
      }
      for (int i = 0; i < ofEachKind; i++) {
        for (String kind : KINDS) {
          waitForAll(victim(kind, ofEachKind + i, victims, lost), kind);
        }
      }
      for (String token : dead) {
        permits += watch.permits(token);
      }
    }
    return report();
  }

  private static RevocationVictim victim(
      String kind, int turn, List<RevocationVictim> victims, List<RevocationVictim> lost) {
    return kind.equals("organization") ? lost.get(turn) : victims.get(turn % victims.size());
  }

  private List<RevocationVictim> victims(String name, int count) {
    List<RevocationVictim> made = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      made.add(RevocationVictim.make(api, org, name + i + "-" + suffix));
    }
    return made;
  }

  private List<RevocationVictim> organizations(String name, int count) {
    List<RevocationVictim> made = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      made.add(RevocationVictim.inNewOrganization(platform, name + i + "-" + suffix));
    }
    return made;
  }

  /** Takes the key of an algorithm away, whose place the next one takes; returns its name. */
  private String timeKey(String algorithm) {
    RevocationVictim victim =
        RevocationVictim.inNewOrganization(
            platform, algorithm.toLowerCase(Locale.ROOT) + "-" + suffix);
    victim
        .owner()
        .patch(
            "/v1/organizations/" + victim.org(),
            new JsonObject().put("signingAlgorithm", algorithm))
        .expect(200);
    long giveUp = System.nanoTime() + KEY_NANOS;
    Held held = victim.issue();
    while (!isUsable(held, algorithm)) {
      if (System.nanoTime() > giveUp) {
        throw new IllegalStateException("no token is signed with " + algorithm);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
      held = victim.issue();
    }
    String kid = Tokens.kid(held.token());
    time(held, "key", kid, platform);
    return kid;
  }

  private boolean isUsable(Held held, String algorithm) {
    return Tokens.algorithm(held.token()).equals(algorithm)
        && watch.permits(held.token()) == watch.names().size();
  }

  private void time(RevocationVictim victim, String kind) {
    Held held = victim.issue();
    time(held, kind, victim.target(kind, held), victim.owner());
  }

  private void time(Held held, String kind, String id, Api owner) {
    requirePermitted(held);
    String revocation =
        owner
            .post("/v1/revocations", new JsonObject().put("type", kind).put("id", id))
            .expect(201)
            .text("id");
    long answered = System.nanoTime();
    subscribers.answered(revocation, answered);
    long last = answered;
    for (Map.Entry<String, Long> first : watch.firstDenials(held.token()).entrySet()) {
      long after = first.getValue() - answered;
      each.add(after);
      of(byVerifier, first.getKey()).add(after);
      of(byKind, kind).add(after);
      last = Math.max(last, first.getValue());
    }
    slowest.add(last - answered);
    dead.add(held.token());
  }

  private void waitForAll(RevocationVictim victim, String kind) {
    Held held = victim.issue();
    requirePermitted(held);
    JsonObject body =
        new JsonObject().put("type", kind).put("id", victim.target(kind, held)).put("wait", "all");
    JsonObject answer = victim.owner().post("/v1/revocations", body).expect(201).body();
    permitsAfterAll += watch.permits(held.token());
    long millis = answer.getJsonObject("acknowledged").getLong("maxMillis");
    acknowledged.add(TimeUnit.MILLISECONDS.toNanos(millis));
    dead.add(held.token());
  }

  /** Waits for replicas that can't know whether a good token is, and so refuse it; they count. */
  private void requirePermitted(Held held) {
    long giveUp = System.nanoTime() + PERMIT_NANOS;
    int permitting = watch.permits(held.token());
    if (permitting < watch.names().size()) {
      refusedAtFirst++;
    }
    while (permitting < watch.names().size()) {
      if (System.nanoTime() > giveUp) {
        throw new IllegalStateException("only " + permitting + " replicas permit a good token");
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
      permitting = watch.permits(held.token());
    }
  }

  private static Latencies of(Map<String, Latencies> by, String name) {
    return Objects.requireNonNull(by.computeIfAbsent(name, _ -> new Latencies()));
  }

  private JsonObject report() {
    System.out.println("from the 2xx to the first denial, by verifier, by kind, and of all:");
    byVerifier.forEach((name, latencies) -> System.out.println(latencies.line(name)));
    byKind.forEach((name, latencies) -> System.out.println(latencies.line(name)));
    System.out.println(each.line("each"));
    System.out.print(each.histogram());
    System.out.println(slowest.line("the last of all"));
    System.out.println(subscribers.latencies().line(subscribers.size() + " streams"));
    System.out.println(acknowledged.line("wait: all says"));
    System.out.printf(
        "good tokens that a replica refused at first, as its feed was stale: %d%n", refusedAtFirst);
    long late = each.countAbove(BOUND_NANOS);
    System.out.printf(
        "permits after the bound: %d; after wait: all: %d; of %d dead tokens at the end: %d%n",
        late, permitsAfterAll, dead.size(), permits);
    JsonObject report =
        new JsonObject()
            .put("scenario", "revoke")
            .put("each", each.json())
            .put("lastOfAll", slowest.json())
            .put("waitAll", acknowledged.json())
            .put("streams", subscribers.latencies().json())
            .put("refusedAtFirst", refusedAtFirst)
            .put("permitsAfterBound", late)
            .put("permitsAfterWaitAll", permitsAfterAll)
            .put("permitsAtTheEnd", permits);
    byVerifier.forEach((name, latencies) -> report.put(name, latencies.json()));
    return report;
  }
}
