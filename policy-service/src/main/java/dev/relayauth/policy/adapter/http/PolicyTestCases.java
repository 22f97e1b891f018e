package dev.relayauth.policy.adapter.http;

import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.http.Violations;
import dev.relayauth.common.scope.Scope;
import dev.relayauth.common.scope.ScopeSet;
import dev.relayauth.common.token.Claims;
import dev.relayauth.common.token.JwtType;
import dev.relayauth.common.token.Verification;
import dev.relayauth.policy.adapter.http.PolicyTestYaml.AgentSpec;
import dev.relayauth.policy.adapter.http.PolicyTestYaml.CaseSpec;
import dev.relayauth.policy.adapter.http.PolicyTestYaml.TokenSpec;
import dev.relayauth.policy.adapter.internal.AgentChains;
import dev.relayauth.policy.domain.decision.AccessSubject;
import dev.relayauth.policy.domain.decision.Agent;
import dev.relayauth.policy.domain.decision.DecisionRequest;
import dev.relayauth.policy.domain.decision.RequestContext;
import dev.relayauth.policy.domain.policytest.PolicyCase;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes questions of a test's cases. Blocking: a case may be about an identity that is new. */
@Singleton
public final class PolicyTestCases {
  private final AgentChains chains;
  private final InstantSource clock;

  PolicyTestCases(AgentChains chains, InstantSource clock) {
    this.chains = chains;
    this.clock = clock;
  }

  List<PolicyCase> of(String org, String test, PolicyTestYaml yaml) {
    Map<String, List<Agent>> agents = agents(org, yaml.agents());
    List<PolicyCase> cases = new ArrayList<>();
    for (CaseSpec one : yaml.cases() == null ? List.<CaseSpec>of() : yaml.cases()) {
      cases.add(read(org, test, one, agents, "/yaml/cases/" + cases.size()));
    }
    return cases;
  }

  private Map<String, List<Agent>> agents(String org, @Nullable List<AgentSpec> specs) {
    Map<String, List<Agent>> agents = new HashMap<>();
    for (AgentSpec spec : specs == null ? List.<AgentSpec>of() : specs) {
      List<Agent> above =
          spec.parent() == null ? List.of() : agents.getOrDefault(spec.parent(), List.of());
      new Violations()
          .check(
              spec.parent() == null || !above.isEmpty(),
              "/yaml/agents",
              "a parent is an agent named before")
          .throwIfAny();
      List<Agent> chain = new ArrayList<>(above);
      chain.add(new Agent(state(org, spec, above)));
      agents.put(String.valueOf(spec.id()), chain);
    }
    return agents;
  }

  private static IdentityState state(String org, AgentSpec spec, List<Agent> above) {
    String id = String.valueOf(spec.id());
    List<String> sponsors =
        new ArrayList<>(above.isEmpty() ? List.of("user_test") : above.getLast().sponsorChain());
    sponsors.add(id);
    return new IdentityState(
        org,
        id,
        id,
        IdentityState.Type.agent,
        IdentityState.Status.active,
        spec.workspace(),
        sponsors.get(sponsors.size() - 2),
        sponsors,
        Objects.requireNonNullElse(spec.scopes(), List.of()),
        Objects.requireNonNullElse(spec.roles(), List.of()),
        spec.scopes() == null && spec.roles() == null,
        Map.of(),
        null,
        null,
        null,
        null,
        Instant.EPOCH,
        Instant.EPOCH,
        0);
  }

  private PolicyCase read(
      String org, String test, CaseSpec one, Map<String, List<Agent>> agents, String pointer) {
    String identity = String.valueOf(one.identity());
    List<Agent> known = agents.get(identity);
    List<Agent> chain = known != null ? known : chains.find(org, identity).join();
    Violations violations = new Violations();
    RequestContext context =
        RequestContext.read(
            one.context(),
            (member, detail) -> violations.check(false, pointer + "/context" + member, detail));
    violations.throwIfAny();
    PolicyTestYaml.ExpectSpec expect = Objects.requireNonNull(one.expect(), "was checked");
    return new PolicyCase(
        test,
        String.valueOf(one.name()),
        new DecisionRequest(
            org,
            subject(org, identity, one.token(), chain),
            chain,
            Scope.parse(String.valueOf(one.scope())),
            context,
            false),
        new PolicyCase.Expected(
            "allow".equals(expect.decision()), expect.reason(), expect.policy()));
  }

  private AccessSubject subject(
      String org, String identity, @Nullable TokenSpec token, List<Agent> chain) {
    if (token == null || chain.isEmpty()) {
      return new AccessSubject.Named(identity);
    }
    List<String> scopes = Objects.requireNonNullElse(token.scopes(), List.of());
    List<String> sponsors = chain.getLast().sponsorChain();
    long issued = clock.instant().getEpochSecond() - Objects.requireNonNullElse(token.age(), 0L);
    Claims claims =
        Claims.builder()
            .iss("test")
            .sub(identity)
            .aud(List.of("relayauth"))
            .iat(issued)
            .nbf(issued)
            .exp(issued + 86_400)
            .jti("tok_test")
            .clientId(identity)
            .scopes(scopes)
            .org(org)
            .wks(chain.getLast().state().workspaceId())
            .sid("sess_test")
            .sponsorId(sponsors.get(sponsors.size() - 2))
            .sponsorChain(sponsors)
            .rev(0)
            .build();
    return new AccessSubject.Bearer(
        new Verification.Valid(claims, ScopeSet.lenient(scopes), "test", JwtType.JWT, "{}"));
  }
}
