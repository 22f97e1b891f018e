package dev.relayauth.policy.domain.decision;

import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.event.PolicyState;
import dev.relayauth.common.scope.ScopeSet;
import dev.relayauth.common.token.Actor;
import dev.relayauth.common.token.Claims;
import dev.relayauth.common.token.JwtType;
import dev.relayauth.common.token.Verification;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Identities, policies and tokens for tests, at one moment: a Wednesday, 10:30 UTC. */
final class Samples {
  static final Instant NOW = Instant.parse("2026-03-04T10:30:00Z");
  static final String ORG = "org_acme";

  private Samples() {}

  static IdentityState agent(String id, List<String> above, List<String> scopes) {
    return agent(id, above, scopes, List.of(), "active", false, "ws_prod", null);
  }

  static IdentityState agent(
      String id,
      List<String> above,
      List<String> scopes,
      List<String> roles,
      String status,
      boolean issuerScoped,
      String workspaceId,
      Instant expiresAt) {
    List<String> chain = new ArrayList<>(above);
    chain.add(id);
    return new IdentityState(
        ORG,
        id,
        id,
        IdentityState.Type.agent,
        IdentityState.Status.valueOf(status),
        workspaceId,
        above.getLast(),
        chain,
        scopes,
        roles,
        issuerScoped,
        Map.of(),
        null,
        expiresAt,
        null,
        null,
        NOW,
        NOW,
        1);
  }

  static PolicyState policy(
      String id,
      String effect,
      List<String> scopes,
      List<PolicyState.Condition> conditions,
      List<Map<String, String>> obligations,
      int priority,
      String workspaceId,
      String identityId) {
    return new PolicyState(
        ORG,
        id,
        id,
        null,
        PolicyState.Effect.valueOf(effect),
        scopes,
        conditions,
        obligations,
        priority,
        workspaceId,
        identityId,
        false,
        NOW,
        NOW,
        1);
  }

  static Verification.Valid token(
      IdentityState agent, String org, List<String> scopes, long ageSeconds, String jkt) {
    return token(agent, org, scopes, ageSeconds, jkt, null);
  }

  static Verification.Valid token(
      IdentityState agent,
      String org,
      List<String> scopes,
      long ageSeconds,
      String jkt,
      Actor actor) {
    long issued = NOW.getEpochSecond() - ageSeconds;
    Claims claims =
        Claims.builder()
            .iss("https://auth.example.test")
            .sub(agent.id())
            .aud(List.of("relayauth"))
            .exp(issued + 86_400)
            .iat(issued)
            .nbf(issued)
            .jti("tok_1")
            .clientId(agent.id())
            .scopes(scopes)
            .org(org)
            .wks(agent.workspaceId())
            .sid("sess_1")
            .sponsorId(agent.sponsorId())
            .sponsorChain(agent.sponsorChain())
            .rev(10)
            .jkt(jkt)
            .act(actor)
            .build();
    return new Verification.Valid(claims, ScopeSet.lenient(scopes), "kid", JwtType.JWT, "{}");
  }
}
