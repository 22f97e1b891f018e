package dev.relayauth.policy.domain.administration;

import dev.relayauth.common.event.PolicyState;
import dev.relayauth.common.id.RuleNames;
import dev.relayauth.policy.domain.decision.ConditionReader;
import java.util.List;
import java.util.Map;

/** What a policy may be. */
public final class PolicyRules {
  /** The priority of a policy whose author names none. */
  public static final int DEFAULT_PRIORITY = 0;

  private static final int MAX_PRIORITY = 1000;
  private static final int MAX_OBLIGATIONS = 16;
  private static final int MAX_MEMBERS = 32;
  private static final int MAX_TEXT = 1024;

  private PolicyRules() {}

  /**
   * Notes whatever is wrong with a policy. An obligation of a type that nobody knows is no fault:
   * it denies until somebody does.
   *
   * @throws dev.relayauth.common.scope.InvalidScopeException for the first scope that is none
   */
  public static void check(PolicyState policy, Faults faults) {
    RuleNames.fault(policy.name()).ifPresent(fault -> faults.note("/name", fault));
    Texts.checkDescription(policy.description(), faults);
    Authorship.checkScopes(policy.scopes(), faults);
    if (policy.priority() < 0 || policy.priority() > MAX_PRIORITY) {
      faults.note("/priority", "is 0 to " + MAX_PRIORITY);
    }
    checkConditions(policy.conditions(), faults);
    checkObligations(policy, faults);
  }

  private static void checkConditions(List<PolicyState.Condition> conditions, Faults faults) {
    if (conditions.size() > ConditionReader.MAX_CONDITIONS) {
      faults.note("/conditions", "may have " + ConditionReader.MAX_CONDITIONS + " items at most");
      return;
    }
    for (int i = 0; i < conditions.size(); i++) {
      PolicyState.Condition condition = conditions.get(i);
      String pointer = "/conditions/" + i + "/";
      ConditionReader.fault(
              condition.type(), condition.attribute(), condition.operator(), condition.value())
          .ifPresent(fault -> faults.note(pointer + fault.member(), fault.detail()));
    }
  }

  private static void checkObligations(PolicyState policy, Faults faults) {
    List<Map<String, String>> obligations = policy.obligations();
    if (!obligations.isEmpty() && policy.effect() == PolicyState.Effect.deny) {
      faults.note("/obligations", "are for allow policies only");
    }
    if (obligations.size() > MAX_OBLIGATIONS) {
      faults.note("/obligations", "may have " + MAX_OBLIGATIONS + " items at most");
    }
    for (int i = 0; i < obligations.size(); i++) {
      Map<String, String> obligation = obligations.get(i);
      String type = obligation.get("type");
      if (type == null || type.isBlank()) {
        faults.note("/obligations/" + i + "/type", "is required");
      }
      boolean fits =
          obligation.size() <= MAX_MEMBERS
              && obligation.values().stream()
                  .allMatch(value -> value != null && value.length() <= MAX_TEXT);
      if (!fits) {
        faults.note("/obligations/" + i, "has too many or too long members, or a null");
      }
    }
  }
}
