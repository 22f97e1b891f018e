package dev.relayauth.stack.launcher;

/** The stack can't start; the message tells the person who typed the command why. */
final class StartException extends RuntimeException {
  StartException(String message) {
    super(message);
  }

  StartException(String message, Throwable cause) {
    super(message, cause);
  }
}
