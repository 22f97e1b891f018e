package dev.relayauth.policy.domain.decision;

import dev.relayauth.common.event.PolicyState;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** An organisation and the decisions that are expected of it, as a YAML file says it. */
record GoldenFile(
    Map<String, List<String>> roles,
    List<AgentSpec> agents,
    List<PolicySpec> policies,
    List<RevocationSpec> revocations,
    List<Case> cases) {

  record AgentSpec(
      String id,
      String parent,
      List<String> scopes,
      List<String> roles,
      String status,
      String workspace,
      Instant expiresAt) {}

  record PolicySpec(
      String id,
      String effect,
      List<String> scopes,
      List<PolicyState.Condition> conditions,
      List<Map<String, String>> obligations,
      Integer priority,
      String workspace,
      String identity) {}

  record RevocationSpec(String kind, String id, long seq, boolean closed) {}

  /**
   * A token.
   *
   * @param actor the agent that acts
   * @param issuer the agent that issued it for this one
   */
  record TokenSpec(
      String agent,
      List<String> scopes,
      String org,
      Long age,
      String jkt,
      String actor,
      String issuer) {}

  /**
   * One question.
   *
   * @param refused why the token is refused, when it is
   * @param approval the approval that the request passes by, when there is one
   * @param stale which feed is stale, if one is
   */
  record Case(
      String name,
      String identity,
      TokenSpec token,
      String refused,
      String stale,
      String approval,
      String scope,
      Map<String, Object> context,
      Expected expect) {}

  record Expected(
      String decision,
      String reason,
      Map<String, String> matched,
      List<Map<String, String>> obligations,
      Recorded audit) {}

  record Recorded(
      String result,
      String identityId,
      List<String> sponsorChain,
      String plane,
      String resource,
      String tokenId) {}
}
