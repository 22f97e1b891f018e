package dev.relayauth.policy.adapter.http;

import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.event.PolicyState;
import dev.relayauth.common.event.RoleState;
import dev.relayauth.common.http.Violations;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.id.IdSource;
import dev.relayauth.common.outbox.Transactions;
import dev.relayauth.policy.adapter.http.SimulationBody.Change;
import dev.relayauth.policy.adapter.postgres.PolicyStore;
import dev.relayauth.policy.domain.administration.BuiltInRoles;
import dev.relayauth.policy.domain.administration.PolicyRules;
import dev.relayauth.policy.domain.administration.RoleRules;
import dev.relayauth.policy.domain.replay.Rules;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;

/** What an organisation's rules would be after changes, checked as if they were made. Blocking. */
@Singleton
public final class CandidateRules {
  private final Transactions transactions;
  private final PolicyStore policies;
  private final RoleCatalog roles;
  private final IdSource ids;
  private final InstantSource clock;

  CandidateRules(
      Transactions transactions,
      PolicyStore policies,
      RoleCatalog roles,
      IdSource ids,
      InstantSource clock) {
    this.transactions = transactions;
    this.policies = policies;
    this.roles = roles;
    this.ids = ids;
    this.clock = clock;
  }

  /** Makes the changes to {@code rules}, in their order. */
  void apply(String org, List<Change> changes, Rules rules) {
    for (Change change : changes) {
      String id = change.id();
      boolean aboutRole =
          change.role() != null || (id != null && id.startsWith(IdPrefix.ROLE.text()));
      if (aboutRole) {
        rules.with(role(org, change));
      } else {
        rules.with(policy(org, change));
      }
    }
  }

  private PolicyState policy(String org, Change change) {
    Instant now = clock.instant();
    PolicyState policy =
        switch (change.verb()) {
          case "create" -> body(change.policy()).create(org, ids.next(IdPrefix.POLICY), now);
          case "update" -> body(change.policy()).applyTo(known(org, change), now);
          default -> PolicyResource.deleted(known(org, change), now);
        };
    Violations violations = new Violations();
    PolicyRules.check(
        policy, (pointer, detail) -> violations.check(false, "/changes" + pointer, detail));
    violations.throwIfAny();
    return policy;
  }

  private PolicyState known(String org, Change change) {
    String id = String.valueOf(change.id());
    return transactions
        .read(tx -> policies.find(tx, org, id))
        .orElseThrow(
            () -> new RefusedException(ErrorCode.POLICY_NOT_FOUND, "there is no such policy"));
  }

  private RoleState role(String org, Change change) {
    Instant now = clock.instant();
    String id = String.valueOf(change.id());
    if (BuiltInRoles.find(org, id).isPresent()) {
      throw new RefusedException(
          ErrorCode.BUILT_IN_ROLE_IMMUTABLE, "built-in roles are the same everywhere");
    }
    RoleState role =
        switch (change.verb()) {
          case "create" -> body(change.role()).create(org, ids.next(IdPrefix.ROLE), now);
          case "update" -> body(change.role()).applyTo(roles.get(org, id), now);
          default -> RoleResource.deleted(roles.get(org, id), now);
        };
    Violations violations = new Violations();
    RoleRules.check(
        role, (pointer, detail) -> violations.check(false, "/changes" + pointer, detail));
    violations.throwIfAny();
    return role;
  }

  private static <T> T body(@org.jspecify.annotations.Nullable T body) {
    return Objects.requireNonNull(body, "was checked to be there");
  }
}
