package dev.relayauth.token.adapter.http;

import dev.relayauth.common.credential.RevocationProjection;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.event.Topics;
import dev.relayauth.common.freshness.Freshness;
import dev.relayauth.common.projection.Feeds;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Stands before each issuance: what this replica knows must be recent. */
@Singleton
public final class FreshFeeds {
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final Feeds feeds;
  private final Freshness freshness;
  private final RevocationProjection revocations;

  FreshFeeds(Feeds feeds, Freshness freshness, RevocationProjection revocations) {
    this.feeds = feeds;
    this.freshness = freshness;
    this.revocations = revocations;
  }

  /** The last revocation sequence applied; refused when a feed is stale. */
  public long rev() {
    long rev = revocations.set().appliedSequence();
    for (String topic : new String[] {Topics.REVOCATION, Topics.IDENTITY, Topics.POLICY}) {
      if (!freshness.isFresh(topic)) {
        throw new RefusedException(
            ErrorCode.STORAGE_UNAVAILABLE, "the feed " + topic + " is stale; try again shortly");
      }
    }
    return rev;
  }

  /** Completes once the revocation feed has come as far as {@code sequence}, or after a second. */
  CompletableFuture<Boolean> follow(long sequence) {
    return feeds
        .find(Topics.REVOCATION)
        .map(feed -> feed.applied().await(sequence, PATIENCE))
        .orElseGet(() -> CompletableFuture.completedFuture(false));
  }
}
