package dev.relayauth.token.adapter.http;

import dev.relayauth.common.credential.RevocationProjection;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.event.Topics;
import dev.relayauth.common.freshness.Freshness;
import jakarta.inject.Singleton;

/** Stands before each issuance: what this replica knows must be recent. */
@Singleton
public final class FreshFeeds {
  private final Freshness freshness;
  private final RevocationProjection revocations;

  FreshFeeds(Freshness freshness, RevocationProjection revocations) {
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
}
