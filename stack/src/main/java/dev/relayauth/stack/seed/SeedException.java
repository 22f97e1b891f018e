package dev.relayauth.stack.seed;

/** A call of the seed was refused; the message says which and why. */
public final class SeedException extends RuntimeException {
  SeedException(String message) {
    super(message);
  }
}
