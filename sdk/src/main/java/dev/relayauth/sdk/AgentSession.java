package dev.relayauth.sdk;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A session that refreshes itself: {@link #accessToken()} always answers a token that lives for a
 * while yet. Safe for any thread; one of them refreshes, the others wait for it.
 */
public final class AgentSession {
  private static final Duration MARGIN = Duration.ofSeconds(30);

  private final Tokens tokens;
  private final @Nullable DpopKey key;
  private final InstantSource clock;
  private final Object refreshing = new Object();
  private @Nullable CompletableFuture<Secret> refresh;
  private volatile TokenPair pair;

  AgentSession(Tokens tokens, TokenPair pair, @Nullable DpopKey key, InstantSource clock) {
    this.tokens = tokens;
    this.key = key;
    this.pair = pair;
    this.clock = clock;
  }

  /**
   * The access token to present now.
   *
   * @throws RelayAuthException.Unauthenticated when the session has ended: expired or revoked
   */
  public Secret accessToken() {
    return Transport.await(accessTokenAsync());
  }

  /** Like {@link #accessToken}. One refresh is for all who ask meanwhile. */
  CompletableFuture<Secret> accessTokenAsync() {
    if (!isDue()) {
      return CompletableFuture.completedFuture(new Secret(pair.accessToken()));
    }
    synchronized (refreshing) {
      CompletableFuture<Secret> running = refresh;
      if (!isDue()) {
        return CompletableFuture.completedFuture(new Secret(pair.accessToken()));
      }
      if (running == null || running.isDone()) {
        running = refreshed();
        refresh = running;
      }
      return running;
    }
  }

  private CompletableFuture<Secret> refreshed() {
    String token = pair.refreshToken();
    CompletableFuture<TokenPair> next =
        key == null ? tokens.refreshAsync(token) : tokens.refreshAsync(token, key);
    return next.thenApply(
        successor -> {
          pair = successor;
          return new Secret(successor.accessToken());
        });
  }

  /** The key that its tokens are bound to; then they need a proof with each request. */
  public Optional<DpopKey> key() {
    return Optional.ofNullable(key);
  }

  /** How requests present it. */
  Credential credential() {
    return new Credential(this::accessTokenAsync, key);
  }

  /** The id of the session. */
  public String id() {
    return pair.sessionId();
  }

  private boolean isDue() {
    return !clock.instant().plus(MARGIN).isBefore(pair.accessTokenExpiresAt());
  }
}
