package dev.relayauth.policy.domain.administration;

import dev.relayauth.common.event.RoleState;
import dev.relayauth.common.id.RuleNames;

/** What a role of an organisation's own may be. */
public final class RoleRules {
  private RoleRules() {}

  /**
   * Notes whatever is wrong with a role.
   *
   * @throws dev.relayauth.common.scope.InvalidScopeException for the first scope that is none
   */
  public static void check(RoleState role, Faults faults) {
    RuleNames.fault(role.name()).ifPresent(fault -> faults.note("/name", fault));
    Texts.checkDescription(role.description(), faults);
    Authorship.checkScopes(role.scopes(), faults);
  }
}
