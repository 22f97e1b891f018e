package dev.relayauth.token.adapter.postgres;

/** More issues wait for their commit than the queue holds. */
public final class QueueFullException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  QueueFullException() {
    super("the issue queue is full", null, false, false);
  }
}
