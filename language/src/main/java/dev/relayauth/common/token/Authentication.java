package dev.relayauth.common.token;

/** The outcome of checking a token's form and signature, before its claims. */
sealed interface Authentication permits Authentication.Authentic, Verification.Invalid {
  /** A payload signed by {@code key}. */
  record Authentic(VerificationKey key, JwtType type, CompactJws jws) implements Authentication {}
}
