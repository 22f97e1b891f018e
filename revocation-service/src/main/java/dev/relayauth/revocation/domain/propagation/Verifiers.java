package dev.relayauth.revocation.domain.propagation;

import java.time.Duration;

/** Who reads the feed, by their last probe. */
public interface Verifiers {
  /** Where those stand whose last probe is at most {@code lease} old. May block. */
  Standing standing(long seq, Duration lease);

  /** Has each of them say how far it is once it has applied the entry. May block. */
  void hurry(long seq);

  /**
   * Where the live verifiers stand.
   *
   * @param live how many there are
   * @param behind how many of them have not applied the entry yet
   * @param complete whether the registry has been filling for a lease, so that nobody can be fresh
   *     and missing
   */
  record Standing(int live, int behind, boolean complete) {}
}
