package dev.relayauth.common.credential;

import dev.relayauth.common.error.ErrorCode;
import org.jspecify.annotations.Nullable;

/** The outcome of checking a credential. */
public sealed interface Authentication {
  /** The credential is good: this is who calls. */
  record Authenticated(Caller caller) implements Authentication {}

  /**
   * The credential is refused.
   *
   * @param unproven whose credential is good in all but that nobody can know here whether it is
   *     revoked; null when anything else is wrong with it
   * @param bound whether it is bound to a key, and was presented as if it were not
   */
  record Rejected(ErrorCode code, String detail, @Nullable Caller unproven, boolean bound)
      implements Authentication {
    /** Refused, whoever calls. */
    public Rejected(ErrorCode code, String detail) {
      this(code, detail, null, false);
    }
  }
}
