package dev.relayauth.policy.domain.decision;

import dev.relayauth.common.scope.Scope;
import org.jspecify.annotations.Nullable;

/** A decision in one sentence. */
final class Summary {
  private Summary() {}

  static String of(Decision decision, Scope requested, @Nullable String boundary) {
    Matched matched = decision.matched();
    return switch (decision.reason()) {
      case GRANTED -> "Granted: " + matched.grant() + " covers " + requested + ".";
      case IMPLICIT_DENY ->
          boundary == null
              ? "Nothing that the identity holds lets " + requested + " through."
              : "The ancestor " + boundary + " does not hold " + requested + ".";
      case ORG_POLICY_DENY, WORKSPACE_POLICY_DENY, AGENT_POLICY_DENY ->
          "The policy " + matched.policy() + " denies it; a matching deny always wins.";
      case SCOPE_NOT_IN_TOKEN -> "The identity holds it, the token does not carry it.";
      case IDENTITY_SUSPENDED -> "The identity, or one above it, is suspended.";
      case IDENTITY_RETIRED -> "The identity, or one above it, is retired or has ended.";
      case IDENTITY_NOT_FOUND -> "There is no such identity in this organisation.";
      case ORG_MISMATCH -> "The token is of another organisation.";
      case TOKEN_INVALID -> "The token can't be believed.";
      case TOKEN_EXPIRED -> "The token has expired.";
      case TOKEN_REVOKED -> "The token has been revoked.";
      case APPROVAL_REQUIRED ->
          "The policy " + matched.policy() + " wants a human's approval first.";
      case BUDGET_EXCEEDED -> "A budget has no room for what it costs.";
      case RATE_EXCEEDED -> "As many actions as are allowed were taken already.";
      case BUDGET_UNAVAILABLE -> "The ledger of budgets could not be asked, so nothing is spent.";
      case UNKNOWN_OBLIGATION ->
          "An allow policy demands something that nobody here knows how to do.";
      case REVOCATION_FEED_STALE, IDENTITY_FEED_STALE, POLICY_FEED_STALE ->
          "What is known here is not recent enough to permit anything.";
      case INTERNAL_ERROR -> "The decision failed, and a failure denies.";
    };
  }
}
