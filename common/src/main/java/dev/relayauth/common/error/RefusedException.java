package dev.relayauth.common.error;

import java.util.Map;

/**
 * A request refused at the edge, with what to tell the client. The detail and the members are shown
 * as they are, so they never carry secrets or internals.
 */
public final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final transient Map<String, Object> members;

  /** A refusal with a code and a sentence for people. */
  public RefusedException(ErrorCode code, String detail) {
    this(code, detail, Map.of());
  }

  /** A refusal whose problem document carries further members, such as {@code required}. */
  public RefusedException(ErrorCode code, String detail, Map<String, Object> members) {
    super(detail, null, false, false);
    this.code = code;
    this.members = Map.copyOf(members);
  }

  /**
   * A request too many.
   *
   * @param limit how many there may be
   * @param retryAfter in how many seconds there may be room again, at the soonest
   */
  public static RefusedException rateLimited(String detail, long limit, long retryAfter) {
    return new RefusedException(
        ErrorCode.RATE_LIMITED,
        detail,
        Map.of("limit", limit, "remaining", 0, "retryAfter", retryAfter));
  }

  /** The stable code. */
  public ErrorCode code() {
    return code;
  }

  /** The sentence for people. */
  public String detail() {
    return String.valueOf(getMessage());
  }

  /** Further members of the problem document. */
  public Map<String, Object> members() {
    return members;
  }
}
