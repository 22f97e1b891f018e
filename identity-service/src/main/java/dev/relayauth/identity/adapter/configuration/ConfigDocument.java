package dev.relayauth.identity.adapter.configuration;

import com.fasterxml.jackson.annotation.JsonAlias;
import dev.relayauth.common.event.BudgetLimits;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.http.Violations;
import dev.relayauth.common.id.RuleNames;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A configuration as it is written. Names are keys; a sponsor's is its id. A section that is
 * missing is nobody's business, an empty one wants nothing to be there.
 */
public record ConfigDocument(
    @Nullable List<SponsorEntry> sponsors,
    @Nullable List<RoleEntry> roles,
    @Nullable List<IdentityEntry> identities,
    @Nullable List<BudgetEntry> budgets,
    @Nullable List<PolicyEntry> policies) {
  private static final int MAX_ENTRIES = 1_000;
  private static final int MAX_PRIORITY = 1_000;
  private static final Set<String> EFFECTS = Set.of("allow", "deny");

  /** A human. */
  public record SponsorEntry(@Nullable String id, @Nullable String name, @Nullable String email) {}

  /** A role. */
  public record RoleEntry(
      @Nullable String name,
      @Nullable String description,
      @Nullable List<String> scopes,
      @JsonAlias("workspace_id") @Nullable String workspaceId) {}

  /**
   * An identity.
   *
   * @param sponsor the id of a sponsor, or the name of the identity above
   * @param roles names of roles
   */
  public record IdentityEntry(
      @Nullable String name,
      @Nullable String sponsor,
      IdentityState.@Nullable Type type,
      @JsonAlias("workspace_id") @Nullable String workspaceId,
      @Nullable List<String> scopes,
      @Nullable List<String> roles,
      @Nullable Map<String, String> metadata,
      @JsonAlias("expires_at") @Nullable Instant expiresAt) {}

  /** The budget of an identity, by its name. */
  public record BudgetEntry(
      @Nullable String identity,
      @Nullable Long maxActionsPerHour,
      @Nullable BigDecimal maxCostPerDay,
      @Nullable BigDecimal alertThreshold,
      @Nullable Boolean autoSuspend) {

    BudgetLimits limits() {
      return new BudgetLimits(maxActionsPerHour, maxCostPerDay, alertThreshold, autoSuspend);
    }
  }

  /**
   * A policy.
   *
   * @param identity the name of the identity that it is for
   */
  public record PolicyEntry(
      @Nullable String name,
      @Nullable String description,
      @Nullable String effect,
      @Nullable List<String> scopes,
      @Nullable List<Map<String, Object>> conditions,
      @Nullable List<Map<String, String>> obligations,
      @Nullable Integer priority,
      @JsonAlias("workspace_id") @Nullable String workspaceId,
      @Nullable String identity) {}

  /** Throws a 400 that names every entry without a key, or with one that another has. */
  void check() {
    Violations violations = new Violations();
    keys(violations, "/sponsors", sponsors, SponsorEntry::id);
    keys(violations, "/roles", roles, RoleEntry::name);
    keys(violations, "/identities", identities, IdentityEntry::name);
    keys(violations, "/budgets", budgets, BudgetEntry::identity);
    keys(violations, "/policies", policies, PolicyEntry::name);
    rules(violations);
    violations
        .check(
            sponsors != null
                || roles != null
                || identities != null
                || budgets != null
                || policies != null,
            "",
            "sponsors, roles, identities, budgets or policies is required")
        .throwIfAny();
  }

  /** What the policy service would refuse for sure, while nothing is changed yet. */
  private void rules(Violations violations) {
    for (int i = 0; roles != null && i < roles.size(); i++) {
      RoleEntry role = roles.get(i);
      if (role != null && role.name() != null) {
        named(violations, role.name(), "/roles/" + i);
      }
    }
    for (int i = 0; policies != null && i < policies.size(); i++) {
      PolicyEntry policy = policies.get(i);
      if (policy != null && policy.name() != null) {
        String place = "/policies/" + i;
        named(violations, policy.name(), place);
        violations
            .check(
                policy.effect() == null || EFFECTS.contains(policy.effect()),
                place + "/effect",
                "is allow or deny")
            .check(
                policy.priority() == null
                    || (policy.priority() >= 0 && policy.priority() <= MAX_PRIORITY),
                place + "/priority",
                "is 0 to " + MAX_PRIORITY);
      }
    }
  }

  private static void named(Violations violations, String name, String place) {
    RuleNames.fault(name).ifPresent(fault -> violations.check(false, place + "/name", fault));
  }

  private static <T> void keys(
      Violations violations,
      String pointer,
      @Nullable List<T> entries,
      Function<T, @Nullable String> key) {
    if (entries == null) {
      return;
    }
    violations.list(entries, pointer, MAX_ENTRIES);
    Set<String> known = new HashSet<>();
    for (int i = 0; i < entries.size(); i++) {
      T entry = entries.get(i);
      String name = entry == null ? null : key.apply(entry);
      String place = pointer + "/" + i;
      violations.text(name, place).check(name == null || known.add(name), place, "is there twice");
    }
  }
}
