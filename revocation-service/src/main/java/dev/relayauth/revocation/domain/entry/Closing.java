package dev.relayauth.revocation.domain.entry;

/** Whether what is issued after an entry lives. */
public enum Closing {
  /** As the entry in force says: a revocation never opens what a suspension has closed. */
  KEEP,
  /** It lives: also replaces a closed entry, as a reactivation does. */
  OPEN,
  /** It doesn't, until an open entry replaces this one. */
  CLOSED;

  /** Whether the new entry is closed, given whether the one it replaces is. */
  public boolean after(boolean closed) {
    return switch (this) {
      case KEEP -> closed;
      case OPEN -> false;
      case CLOSED -> true;
    };
  }
}
