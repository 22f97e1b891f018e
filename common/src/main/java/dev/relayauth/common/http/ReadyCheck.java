package dev.relayauth.common.http;

import dev.relayauth.common.credential.PublishedKeys;
import dev.relayauth.common.freshness.Freshness;
import dev.relayauth.common.projection.Feeds;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready once every projection is caught up and recent and the signing keys are known. Migrations
 * ran before anything could ask.
 */
@Readiness
@Singleton
public final class ReadyCheck implements HealthCheck {
  private final Feeds feeds;
  private final Freshness freshness;
  private final PublishedKeys keys;

  ReadyCheck(Feeds feeds, Freshness freshness, PublishedKeys keys) {
    this.feeds = feeds;
    this.freshness = freshness;
    this.keys = keys;
  }

  @Override
  public HealthCheckResponse call() {
    boolean caughtUp = feeds.areCaughtUp();
    boolean fresh = freshness.isFresh();
    return HealthCheckResponse.named("projections")
        .status(caughtUp && fresh && keys.isReady())
        .withData("caughtUp", caughtUp)
        .withData("fresh", fresh)
        .withData("keys", keys.isReady())
        .build();
  }
}
