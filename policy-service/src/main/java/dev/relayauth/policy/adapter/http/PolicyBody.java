package dev.relayauth.policy.adapter.http;

import com.fasterxml.jackson.annotation.JsonAlias;
import dev.relayauth.common.event.PolicyState;
import dev.relayauth.common.http.Violations;
import dev.relayauth.policy.domain.administration.PolicyRules;
import dev.relayauth.policy.domain.decision.ConditionReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A policy, or a change to one, as a client sends it. */
record PolicyBody(
    @Nullable String name,
    @Nullable String description,
    @Nullable String effect,
    @Nullable List<String> scopes,
    @Nullable List<ConditionBody> conditions,
    @Nullable List<Map<String, String>> obligations,
    @Nullable Integer priority,
    @JsonAlias("org_id") @Nullable String orgId,
    @JsonAlias("workspace_id") @Nullable String workspaceId,
    @JsonAlias("identity_id") @Nullable String identityId) {

  /** A condition, unread. */
  record ConditionBody(
      @Nullable String type,
      @Nullable String attribute,
      @Nullable String operator,
      @Nullable Object value) {}

  boolean changesNothing() {
    return Stream.of(
            name,
            description,
            effect,
            scopes,
            conditions,
            obligations,
            priority,
            workspaceId,
            identityId)
        .allMatch(Objects::isNull);
  }

  PolicyState create(String org, String id, Instant now) {
    new Violations().check(effect != null, "/effect", "is required").throwIfAny();
    return applyTo(
        new PolicyState(
            org,
            id,
            "",
            null,
            PolicyState.Effect.deny,
            List.of(),
            List.of(),
            List.of(),
            PolicyRules.DEFAULT_PRIORITY,
            null,
            null,
            false,
            now,
            now,
            0),
        now);
  }

  PolicyState applyTo(PolicyState policy, Instant now) {
    requireItems();
    return new PolicyState(
        policy.orgId(),
        policy.id(),
        name == null ? policy.name() : name,
        description == null ? policy.description() : description,
        effect == null ? policy.effect() : readEffect(effect),
        scopes == null ? policy.scopes() : scopes.stream().distinct().toList(),
        conditions == null ? policy.conditions() : read(conditions),
        obligations == null ? policy.obligations() : List.copyOf(obligations),
        priority == null ? policy.priority() : priority,
        workspaceId == null ? policy.workspaceId() : workspaceId,
        identityId == null ? policy.identityId() : identityId,
        false,
        policy.createdAt(),
        now,
        0);
  }

  private void requireItems() {
    new Violations()
        .list(scopes, "/scopes", Integer.MAX_VALUE)
        .list(conditions, "/conditions", ConditionReader.MAX_CONDITIONS)
        .list(obligations, "/obligations", Integer.MAX_VALUE)
        .throwIfAny();
  }

  private static PolicyState.Effect readEffect(String effect) {
    Violations violations = new Violations();
    violations
        .check(effect.equals("allow") || effect.equals("deny"), "/effect", "is allow or deny")
        .throwIfAny();
    return PolicyState.Effect.valueOf(effect);
  }

  /** A condition that lacks a member has no state; it is refused before one is made. */
  private static List<PolicyState.Condition> read(List<ConditionBody> bodies) {
    Violations violations = new Violations();
    List<PolicyState.Condition> conditions = new ArrayList<>();
    for (int i = 0; i < bodies.size(); i++) {
      ConditionBody body = bodies.get(i);
      String pointer = "/conditions/" + i + "/";
      ConditionReader.fault(body.type(), body.attribute(), body.operator(), body.value())
          .ifPresent(fault -> violations.check(false, pointer + fault.member(), fault.detail()));
      if (body.type() != null && body.operator() != null && body.value() != null) {
        conditions.add(
            new PolicyState.Condition(
                body.type(), body.attribute(), body.operator(), body.value()));
      }
    }
    violations.throwIfAny();
    return conditions;
  }
}
