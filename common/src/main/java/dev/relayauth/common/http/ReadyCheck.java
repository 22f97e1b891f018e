package dev.relayauth.common.http;

import dev.relayauth.common.credential.PublishedKeys;
import dev.relayauth.common.freshness.Freshness;
import dev.relayauth.common.projection.Feeds;
import jakarta.inject.Singleton;
import java.util.List;
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
    List<String> stale = freshness.stale();
    return HealthCheckResponse.named("projections")
        .status(caughtUp && stale.isEmpty() && keys.isReady())
        .withData("caughtUp", caughtUp)
        .withData("fresh", stale.isEmpty())
        .withData("stale", String.join(" ", stale))
        .withData("keys", keys.isReady())
        .build();
  }
}
