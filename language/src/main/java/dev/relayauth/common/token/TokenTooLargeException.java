package dev.relayauth.common.token;

/** Claims so many that no verifier would take the token. */
public final class TokenTooLargeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TokenTooLargeException() {
    super("the token would be longer than " + CompactJws.MAX_LENGTH + " characters");
  }
}
