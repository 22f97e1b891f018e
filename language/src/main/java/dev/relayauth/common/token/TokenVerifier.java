package dev.relayauth.common.token;

/** Decides whether an access token may be believed. Doesn't know about revocation. */
@FunctionalInterface
public interface TokenVerifier {
  /**
   * Checks a token in full. Never throws for anything a sender chose; what can't be checked is
   * invalid.
   *
   * @param compact the token as presented; a {@code relay_ag_} or {@code relay_pa_} prefix is
   *     allowed
   */
  Verification verify(String compact, Expectations expected);
}
