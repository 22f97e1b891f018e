package dev.relayauth.token.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** What status lists say of themselves. */
@ConfigMapping(prefix = "relayauth.status-list")
public interface StatusListConfig {
  /** How long a list may be kept before it is asked for again. */
  @WithDefault("30s")
  Duration ttl();

  /** How long a list counts at all, for those who can't get a newer one. */
  @WithDefault("5m")
  Duration life();
}
