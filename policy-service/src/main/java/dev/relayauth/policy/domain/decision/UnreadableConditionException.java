package dev.relayauth.policy.domain.decision;

/** A condition outside the language of conditions. */
public final class UnreadableConditionException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String member;
  private final String detail;

  UnreadableConditionException(String member, String detail) {
    super(member + " " + detail, null, false, false);
    this.member = member;
    this.detail = detail;
  }

  /** The member at fault. */
  public String member() {
    return member;
  }

  /** What is wrong with it; quotes nothing of the input. */
  public String detail() {
    return detail;
  }
}
