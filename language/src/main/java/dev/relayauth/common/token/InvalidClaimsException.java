package dev.relayauth.common.token;

/** A payload that isn't the claims of an access token. Quotes nothing of it. */
public final class InvalidClaimsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  InvalidClaimsException(String message) {
    super(message);
  }
}
