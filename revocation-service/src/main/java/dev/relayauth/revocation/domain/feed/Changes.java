package dev.relayauth.revocation.domain.feed;

import java.util.List;
import java.util.function.Consumer;

/** The changes, in commit order. */
public interface Changes {
  /**
   * Tells {@code listener} of every change after the returned place, in order, those that came at
   * once together, on one thread, which it must not block.
   */
  Following follow(Consumer<List<Change>> listener);

  /**
   * What changed for an organisation after {@code seq}, in order, at most {@code limit}; may block.
   */
  List<Change> since(String org, long seq, int limit);

  /** Changes after this place are still known; may block. */
  long floor();

  /**
   * A listener that is told.
   *
   * @param from it is told of what comes after
   */
  record Following(long from, Runnable stop) {}
}
