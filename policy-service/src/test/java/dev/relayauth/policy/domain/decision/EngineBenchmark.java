package dev.relayauth.policy.domain.decision;

import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.revocation.RevocationEntry;
import dev.relayauth.common.revocation.RevocationKind;
import dev.relayauth.common.revocation.RevocationSet;
import dev.relayauth.common.scope.Scope;
import dev.relayauth.common.scope.ScopeSet;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * What one decision costs with 1,000 roles and 100,000 identities, asked in random order, by the
 * number of policies: {@code ./relayauth bench engine}.
 */
@State(org.openjdk.jmh.annotations.Scope.Benchmark)
@BenchmarkMode({Mode.SampleTime, Mode.AverageTime})
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 3)
@Fork(
    value = 1,
    jvmArgs = {"-Xmx2g", "-XX:+UseSerialGC"})
public class EngineBenchmark {
  private static final int ROLES = 1_000;
  private static final int IDENTITIES = 100_000;
  private static final int TOKENS = 10_000;
  private static final int REVOKED = 10_000;

  @Param({"10", "10000"})
  public int policies;

  private final PolicyDecisionPoint point = new PolicyDecisionPoint(InstantSource.system());
  private Snapshot snapshot;
  private DecisionRequest[] requests;
  private int next;

  /** Runs it. */
  public static void main(String[] arguments) throws Exception {
    new Runner(
            new OptionsBuilder()
                .include(EngineBenchmark.class.getSimpleName())
                .addProfiler(GCProfiler.class)
                .build())
        .run();
  }

  /** Makes the organisation: a third of the policies concern the agent asked about or its scope. */
  @Setup
  public void create() {
    Random random = new Random(7);
    List<Rule> rules = new ArrayList<>();
    for (int i = 0; i < policies; i++) {
      rules.add(rule(i));
    }
    Map<String, RoleGrant> roles = new HashMap<>();
    for (int i = 0; i < ROLES; i++) {
      roles.put(
          "role_" + i,
          new RoleGrant(
              "role_" + i,
              ScopeSet.of(
                  List.of("stripe:thing-" + i + ":manage", "github:repo-" + i + ":read:/src/*")),
              null));
    }
    RevocationSet revocations = new RevocationSet();
    for (int i = 0; i < REVOKED; i++) {
      revocations.apply(
          new RevocationEntry(
              Samples.ORG, RevocationKind.TOKEN, "tok_x" + i, 20 + i, true, Samples.NOW));
    }
    snapshot = new Snapshot(new Authority(roles, DecisionIndex.of(rules)), revocations, null);
    requests = new DecisionRequest[IDENTITIES];
    for (int i = 0; i < IDENTITIES; i++) {
      requests[i] = request(i, random.nextInt(ROLES));
    }
    shuffle(random);
  }

  private Rule rule(int i) {
    return Rule.of(
        Samples.policy(
            "pol_" + i,
            i % 2 == 0 ? "deny" : "allow",
            List.of(
                i % 3 == 0
                    ? "stripe:thing-" + i % ROLES + ":delete:#" + i
                    : "plane-" + i % 100 + ":thing-" + i / 100 + ":write:/x/" + i),
            List.of(),
            List.of(),
            i % 1000,
            null,
            i % 5 == 0 ? "agent_" + i : null));
  }

  private static DecisionRequest request(int i, int role) {
    IdentityState agent =
        Samples.agent(
            "agent_" + i,
            List.of("user_jane"),
            List.of("relayauth:scope:read"),
            List.of("role_" + role),
            "active",
            false,
            "ws_prod",
            null);
    Scope asked = Scope.parse("stripe:thing-" + role + ":read:#" + i);
    AccessSubject subject =
        i < TOKENS
            ? new AccessSubject.Bearer(
                Samples.token(agent, Samples.ORG, List.of("stripe:*:*"), 60, null))
            : new AccessSubject.Named(agent.id());
    return new DecisionRequest(
        Samples.ORG, subject, List.of(new Agent(agent)), asked, RequestContext.EMPTY, false);
  }

  private void shuffle(Random random) {
    for (int i = requests.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      DecisionRequest swapped = requests[i];
      requests[i] = requests[j];
      requests[j] = swapped;
    }
  }

  /** One decision, of another identity each time. */
  @Benchmark
  public Decision decide() {
    next = next + 1 == requests.length ? 0 : next + 1;
    return point.decide(snapshot, requests[next]);
  }
}
