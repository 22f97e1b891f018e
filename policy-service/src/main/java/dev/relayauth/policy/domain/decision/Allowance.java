package dev.relayauth.policy.domain.decision;

import dev.relayauth.common.event.PolicyState.Effect;
import dev.relayauth.common.scope.Scope;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the allow policies about a request say. They never widen a grant; each narrows what it names
 * to the circumstances it names, unless another that matches lets the same through. All that match
 * contribute their obligations.
 */
final class Allowance {
  /** Allows {@code type: log}, {@code require_approval} and {@code custom}; the rest is unknown. */
  private static final Set<String> KNOWN = Set.of("log", "require_approval", "custom");

  private static final String TYPE = "type";

  private final Scope requested;
  private final List<Rule> matching = new ArrayList<>(2);
  private final List<Rule> failing = new ArrayList<>(2);

  private Allowance(Scope requested) {
    this.requested = requested;
  }

  static Allowance of(DecisionIndex index, Facts facts, Scope requested) {
    Allowance allowance = new Allowance(requested);
    for (Layer layer : Layer.values()) {
      index.candidates(
          layer, Effect.allow, facts, requested, rule -> allowance.add(rule, rule.matches(facts)));
    }
    allowance.matching.sort(Rule.BY_PRIORITY);
    return allowance;
  }

  private void add(Rule rule, boolean matches) {
    List<Rule> rules = matches ? matching : failing;
    if (!rules.contains(rule)) {
      rules.add(rule);
    }
  }

  Decision decide(Matched grant, DecisionRequest request) {
    if (!isLetThrough()) {
      return Decision.Deny.because(Reason.IMPLICIT_DENY);
    }
    Matched matched = grant.with(strongest());
    List<Map<String, String>> obligations = obligations();
    if (obligations.stream().anyMatch(obligation -> !KNOWN.contains(type(obligation)))) {
      return new Decision.Deny(Reason.UNKNOWN_OBLIGATION, matched, null);
    }
    boolean needsApproval = obligations.removeIf(Allowance::isApproval);
    if (needsApproval && request.approvalId() == null) {
      return new Decision.Deny(Reason.APPROVAL_REQUIRED, naming(matched), null);
    }
    if (request.subject() instanceof AccessSubject.Bearer bearer
        && bearer.token().claims().jkt() != null) {
      // The token was sent as data: whoever enforces must see the proof (RFC 9449 §7).
      obligations.add(Map.of(TYPE, "proof_of_possession", "jkt", bearer.token().claims().jkt()));
    }
    return new Decision.Permit(matched, obligations, null);
  }

  /** The policy that wants the approval, which need not be the strongest. */
  private Matched naming(Matched matched) {
    return matching.stream()
        .filter(rule -> rule.obligations().stream().anyMatch(Allowance::isApproval))
        .findFirst()
        .map(matched::with)
        .orElse(matched);
  }

  private static boolean isApproval(Map<String, String> obligation) {
    return type(obligation).equals("require_approval");
  }

  private static String type(Map<String, String> obligation) {
    return obligation.getOrDefault(TYPE, "");
  }

  /** Whether each part of the request that a failing policy narrows is let through by another. */
  private boolean isLetThrough() {
    for (Rule rule : failing) {
      for (Scope scope : rule.scopes()) {
        if (!scope.meet(requested).map(this::isMatched).orElse(true)) {
          return false;
        }
      }
    }
    return true;
  }

  private boolean isMatched(Scope part) {
    return matching.stream().anyMatch(rule -> rule.covers(part));
  }

  private @Nullable Rule strongest() {
    return matching.stream().filter(rule -> rule.covers(requested)).findFirst().orElse(null);
  }

  private List<Map<String, String>> obligations() {
    Set<Map<String, String>> distinct = new LinkedHashSet<>();
    matching.forEach(rule -> distinct.addAll(rule.obligations()));
    return new ArrayList<>(distinct);
  }
}
