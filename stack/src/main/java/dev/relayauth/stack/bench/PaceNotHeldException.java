package dev.relayauth.stack.bench;

/** A pace was too fast for who sends or who answers; no request failed. */
final class PaceNotHeldException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  PaceNotHeldException(String message) {
    super(message);
  }
}
