package dev.relayauth.common.credential;

import dev.relayauth.common.error.ErrorCode;

/** The outcome of checking a credential. */
public sealed interface Authentication {
  /** The credential is good: this is who calls. */
  record Authenticated(Caller caller) implements Authentication {}

  /** The credential is refused. */
  record Rejected(ErrorCode code, String detail) implements Authentication {}
}
