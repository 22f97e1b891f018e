package dev.relayauth.sdk;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A session that refreshes itself: {@link #accessToken()} always answers a token that lives for a
 * while yet. Safe for any thread; one of them refreshes, the others wait for it.
 */
public final class AgentSession {
  private static final Duration MARGIN = Duration.ofSeconds(30);

  private final Tokens tokens;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile TokenPair pair;

  AgentSession(Tokens tokens, TokenPair pair, InstantSource clock) {
    this.tokens = tokens;
    this.pair = pair;
    this.clock = clock;
  }

  /**
   * The access token to present now.
   *
   * @throws RelayAuthException.Unauthenticated when the session has ended: expired or revoked
   */
  public Secret accessToken() {
    if (isDue()) {
      lock.lock();
      try {
        if (isDue()) {
          pair = tokens.refresh(pair.refreshToken());
        }
      } finally {
        lock.unlock();
      }
    }
    return new Secret(pair.accessToken());
  }

  /** The id of the session. */
  public String id() {
    return pair.sessionId();
  }

  private boolean isDue() {
    return !clock.instant().plus(MARGIN).isBefore(pair.accessTokenExpiresAt());
  }
}
