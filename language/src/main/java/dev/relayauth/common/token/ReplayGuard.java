package dev.relayauth.common.token;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;

/**
 * Remembers for a while what may be used once. Nothing is forgotten early: when it is full it takes
 * nothing new, so that nobody can flood it and then use something again.
 */
public final class ReplayGuard {
  private final Cache<String, Boolean> seen;
  private final int most;

  /** A guard that remembers {@code most} uses for {@code memory}. */
  public ReplayGuard(Duration memory, int most) {
    this.seen = Caffeine.newBuilder().expireAfterWrite(memory).executor(Runnable::run).build();
    this.most = most;
  }

  /** Whether this is the first use; false as well when no more can be remembered. */
  public boolean isFirst(String use) {
    if (seen.estimatedSize() >= most) {
      seen.cleanUp();
      if (seen.estimatedSize() >= most) {
        return false;
      }
    }
    return seen.asMap().putIfAbsent(Sha256.base64Url(use), true) == null;
  }
}
