package dev.relayauth.policy.domain.decision;

import java.util.Locale;

/** Where a policy applies, from the broadest to the narrowest. */
public enum Layer {
  ORG(Reason.ORG_POLICY_DENY),
  WORKSPACE(Reason.WORKSPACE_POLICY_DENY),
  AGENT(Reason.AGENT_POLICY_DENY);

  private final Reason deny;

  Layer(Reason deny) {
    this.deny = deny;
  }

  /** The reason of a deny at this layer. */
  Reason deny() {
    return deny;
  }

  /** The name that clients read. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
