package dev.relayauth.policy.domain.decision;

/** Why a decision is what it is: a stable slug. */
public enum Reason {
  GRANTED("granted"),
  IMPLICIT_DENY("implicit_deny"),
  ORG_POLICY_DENY("org_policy_deny"),
  WORKSPACE_POLICY_DENY("workspace_policy_deny"),
  AGENT_POLICY_DENY("agent_policy_deny"),
  IDENTITY_SUSPENDED("identity_suspended"),
  IDENTITY_RETIRED("identity_retired"),
  IDENTITY_NOT_FOUND("identity_not_found"),
  ORG_MISMATCH("org_mismatch"),
  TOKEN_INVALID("token_invalid"),
  TOKEN_EXPIRED("token_expired"),
  TOKEN_REVOKED("token_revoked"),
  SCOPE_NOT_IN_TOKEN("scope_not_in_token"),
  APPROVAL_REQUIRED("approval_required"),
  BUDGET_EXCEEDED("budget_exceeded"),
  RATE_EXCEEDED("rate_exceeded"),
  /** The ledger of budgets could not be asked in time. */
  BUDGET_UNAVAILABLE("budget_unavailable"),
  /** An allow policy demands what no enforcement point of ours knows how to do. */
  UNKNOWN_OBLIGATION("unknown_obligation"),
  REVOCATION_FEED_STALE("revocation_feed_stale"),
  IDENTITY_FEED_STALE("identity_feed_stale"),
  POLICY_FEED_STALE("policy_feed_stale"),
  /** The decision point failed; it denies. */
  INTERNAL_ERROR("internal_error");

  private final String slug;

  Reason(String slug) {
    this.slug = slug;
  }

  /** The slug that clients read. */
  public String slug() {
    return slug;
  }
}
