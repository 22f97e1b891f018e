package dev.relayauth.common.token;

/** The outcome of verifying a service token. */
public sealed interface ServiceVerification
    permits ServiceVerification.Valid, Verification.Invalid {
  /** The token of one of our own services. */
  record Valid(String service) implements ServiceVerification {}
}
