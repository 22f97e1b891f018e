package dev.relayauth.common.token;

/** A text that is not a key, or not a key set, that we can use. Quotes nothing of it. */
public final class InvalidJwkException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  InvalidJwkException(String message) {
    super(message);
  }
}
