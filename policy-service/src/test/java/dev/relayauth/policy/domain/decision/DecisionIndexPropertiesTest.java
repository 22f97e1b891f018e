package dev.relayauth.policy.domain.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.event.PolicyState;
import dev.relayauth.common.revocation.RevocationSet;
import dev.relayauth.common.scope.Scope;
import dev.relayauth.common.scope.ScopeSet;
import dev.relayauth.common.token.Actor;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class DecisionIndexPropertiesTest {
  private static final String[] PLANES = {"stripe", "github", "*"};
  private static final String[] RESOURCES = {"orders", "files", "*"};
  private static final String[] ACTIONS = {"read", "write", "approve", "manage", "*"};
  private static final String[] PATHS = {
    "", "", ":*", ":#a", ":#b", ":/d/*", ":/d/a", ":/d/a/*", ":/d/a/b", ":/e", ":<=10", ":<=99",
    ":5", ":50"
  };
  private static final PolicyState.Condition[] CONDITIONS = {
    new PolicyState.Condition("time", null, "gt", "09:00"),
    new PolicyState.Condition("time", null, "in", List.of("sat", "sun")),
    new PolicyState.Condition("ip", null, "in", List.of("10.0.0.0/8")),
    new PolicyState.Condition("ip", null, "not_in", List.of("10.0.0.0/8")),
    new PolicyState.Condition("workspace", null, "neq", "ws_prod"),
    new PolicyState.Condition("workspace", null, "eq", "ws_dev"),
    new PolicyState.Condition("workspace", null, "not_in", List.of("ws_dev", "ws_none")),
    new PolicyState.Condition("workspace", null, "matches", "ws_d*"),
    new PolicyState.Condition("identity", null, "eq", "agent_0"),
    new PolicyState.Condition("identity", null, "not_in", List.of("agent_1", "agent_other")),
    new PolicyState.Condition("sponsor", null, "eq", "agent_0"),
    new PolicyState.Condition("depth", null, "gt", 1),
    new PolicyState.Condition("token_age", null, "lt", "10m"),
    new PolicyState.Condition("attribute", "risk", "gt", 50),
    new PolicyState.Condition("attribute", "team", "matches", "b*g")
  };
  private static final List<Map<String, String>> OBLIGATIONS =
      List.of(
          Map.of("type", "log"),
          Map.of("type", "custom", "name", "x"),
          Map.of("type", "require_approval"),
          Map.of("type", "unheard-of"));
  private static final Actor ACTOR =
      new Actor(
          "agent_2",
          List.of("user_jane", "agent_2"),
          new Actor("agent_other", List.of("user_jane", "agent_1", "agent_other"), null));
  private static final int REQUESTS = 25;

  private final PolicyDecisionPoint point =
      new PolicyDecisionPoint(InstantSource.fixed(Samples.NOW));

  @Property(tries = 2_000)
  void theIndexDecidesAsTheSlowEvaluatorDoesBeforeAndAfterAChange(@ForAll long seed) {
    Random random = new Random(seed);
    Map<String, List<String>> roles =
        Map.of("role_a", scopes(random, 1, 3), "role_b", scopes(random, 1, 3));
    List<IdentityState> chain = chain(random);
    List<PolicyState> policies = new ArrayList<>();
    int count = random.nextInt(14);
    for (int i = 0; i < count; i++) {
      policies.add(policy(random, "pol_" + i));
    }
    compare(random, roles, chain, policies);
    if (!policies.isEmpty()) {
      policies.remove(random.nextInt(policies.size()));
    }
    policies.add(policy(random, "pol_new"));
    compare(random, roles, chain, policies);
  }

  private void compare(
      Random random,
      Map<String, List<String>> roles,
      List<IdentityState> chain,
      List<PolicyState> policies) {
    Snapshot snapshot = snapshot(roles, policies);
    SlowEvaluator oracle = new SlowEvaluator(roles, policies);
    for (int i = 0; i < REQUESTS; i++) {
      Scope asked = Scope.parse(scope(random));
      DecisionRequest request = request(random, chain, asked, false);
      Decision decision = point.decide(snapshot, request);
      Optional<ScopeSet> token =
          request.subject() instanceof AccessSubject.Bearer bearer
              ? Optional.of(bearer.token().scopes())
              : Optional.empty();
      SlowEvaluator.Verdict verdict =
          oracle.decide(chain, token, asked, Facts.of(request, Samples.NOW));
      assertThat(verdict(decision))
          .as("%s asks %s under %s", chain, asked, policies)
          .isEqualTo(verdict);
      assertSameWhenExplained(snapshot, request, decision);
    }
  }

  private void assertSameWhenExplained(
      Snapshot snapshot, DecisionRequest request, Decision decision) {
    DecisionRequest curious =
        new DecisionRequest(
            request.org(),
            request.subject(),
            request.chain(),
            request.scope(),
            request.context(),
            true);
    Decision explained = point.decide(snapshot, curious);
    assertThat(explained.explanation()).isPresent();
    assertThat(explained).isEqualTo(decision.explainedBy(explained.explanation().orElseThrow()));
  }

  private static SlowEvaluator.Verdict verdict(Decision decision) {
    return new SlowEvaluator.Verdict(
        decision.isAllowed(),
        decision.reason(),
        decision.matched().policy(),
        decision instanceof Decision.Permit permit ? permit.obligations() : List.of());
  }

  private static Snapshot snapshot(Map<String, List<String>> roles, List<PolicyState> policies) {
    Map<String, RoleGrant> grants = new HashMap<>();
    roles.forEach((id, held) -> grants.put(id, new RoleGrant(id, ScopeSet.lenient(held), null)));
    DecisionIndex index = DecisionIndex.of(policies.stream().map(Rule::of).toList());
    return new Snapshot(new Authority(grants, index), new RevocationSet(), null);
  }

  private static DecisionRequest request(
      Random random, List<IdentityState> chain, Scope asked, boolean explain) {
    IdentityState self = chain.getLast();
    Actor actor = random.nextInt(3) == 0 ? ACTOR : null;
    List<String> places =
        List.of("ws_prod", "ws_dev", AccessSubject.NOWHERE).subList(0, random.nextInt(4));
    AccessSubject subject =
        random.nextInt(3) > 0
            ? new AccessSubject.Bearer(
                Samples.token(
                    self, Samples.ORG, scopes(random, 1, 4), random.nextInt(1200), null, actor),
                actor == null ? List.of() : places)
            : new AccessSubject.Named(self.id());
    return new DecisionRequest(
        Samples.ORG,
        subject,
        chain.stream().map(Agent::new).toList(),
        asked,
        context(random),
        explain);
  }

  private static RequestContext context(Random random) {
    Map<String, Object> said = new HashMap<>();
    if (random.nextBoolean()) {
      said.put("ip", random.nextBoolean() ? "10.1.2.3" : "192.0.2.7");
    }
    if (random.nextBoolean()) {
      said.put("risk", random.nextBoolean() ? 80 : "high");
    }
    if (random.nextBoolean()) {
      said.put("team", random.nextBoolean() ? "billing" : "growth");
    }
    if (random.nextInt(3) == 0) {
      said.put("time", "2026-03-07T08:00:00Z");
    }
    return RequestContext.read(
        said,
        (pointer, detail) -> {
          throw new IllegalArgumentException(pointer + detail);
        });
  }

  private static List<IdentityState> chain(Random random) {
    List<IdentityState> chain = new ArrayList<>();
    List<String> above = List.of("user_jane");
    int depth = 1 + random.nextInt(3);
    for (int i = 0; i < depth; i++) {
      boolean issuerScoped = random.nextInt(4) == 0;
      IdentityState agent =
          Samples.agent(
              "agent_" + i,
              above,
              issuerScoped ? List.of() : scopes(random, 0, 4),
              issuerScoped || random.nextBoolean() ? List.of() : List.of("role_a", "role_gone"),
              "active",
              issuerScoped,
              random.nextBoolean() ? "ws_prod" : "ws_dev",
              null);
      chain.add(agent);
      above = agent.sponsorChain();
    }
    return chain;
  }

  private static PolicyState policy(Random random, String id) {
    boolean allow = random.nextInt(3) > 0;
    return Samples.policy(
        id,
        allow ? "allow" : "deny",
        scopes(random, 1, 2),
        IntStream.range(0, random.nextInt(3))
            .mapToObj(i -> CONDITIONS[random.nextInt(CONDITIONS.length)])
            .toList(),
        allow && random.nextInt(3) == 0
            ? List.of(OBLIGATIONS.get(random.nextInt(OBLIGATIONS.size())))
            : List.of(),
        random.nextInt(3) * 500,
        random.nextInt(3) == 0 ? (random.nextBoolean() ? "ws_prod" : "ws_dev") : null,
        random.nextInt(3) == 0 ? "agent_" + random.nextInt(3) : null);
  }

  private static List<String> scopes(Random random, int least, int most) {
    int count = least + random.nextInt(most - least + 1);
    return IntStream.range(0, count).mapToObj(i -> scope(random)).distinct().toList();
  }

  private static String scope(Random random) {
    return random.nextInt(20) == 0
        ? "*"
        : pick(random, PLANES)
            + ":"
            + pick(random, RESOURCES)
            + ":"
            + pick(random, ACTIONS)
            + pick(random, PATHS);
  }

  private static String pick(Random random, String[] from) {
    return from[random.nextInt(from.length)];
  }
}
