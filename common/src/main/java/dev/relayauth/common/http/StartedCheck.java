package dev.relayauth.common.http;

import dev.relayauth.common.projection.Feeds;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Startup;

/** Started once every projection has been read from its beginning. */
@Startup
@Singleton
public final class StartedCheck implements HealthCheck {
  private final Feeds feeds;

  StartedCheck(Feeds feeds) {
    this.feeds = feeds;
  }

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("started").status(feeds.areCaughtUp()).build();
  }
}
