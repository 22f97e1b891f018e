package dev.relayauth.revocation.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** What this service alone reads from its configuration. */
@ConfigMapping(prefix = "relayauth.revocation")
public interface RevocationConfig {
  /** How many streams an organisation may hold open at one replica. */
  @WithDefault("200")
  int streamsPerOrganization();

  /** How many events may wait for a subscriber, those that came at once as one. */
  @WithDefault("512")
  int streamBuffer();

  /** How often a stream tells how far it is. */
  @WithDefault("250ms")
  Duration heartbeat();

  /** How long a status list is kept before it is rendered anew; its {@code ttl}. */
  @WithDefault("30s")
  Duration statusListTtl();

  /** How long a stream can be resumed and a snapshot be asked for a delta. */
  @WithDefault("24h")
  Duration changesKept();
}
