package dev.relayauth.revocation.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** How receivers of shared signals are served. */
@ConfigMapping(prefix = "relayauth.signals")
public interface SignalConfig {
  /** How many streams an organisation may have. */
  @WithDefault("20")
  int streamsPerOrganization();

  /** How many events may wait for a receiver; one more disables its stream. */
  @WithDefault("10000")
  int queue();

  /** How long an event waits for its receiver. */
  @WithDefault("7d")
  Duration kept();

  /** Private {@code host:port} pairs of receivers that the operator vouches for. */
  Optional<List<String>> allowedPrivate();

  /** How long one attempt to push may take. */
  @WithDefault("5s")
  Duration timeout();

  /** How often is looked for what is to be pushed. */
  @WithDefault("200ms")
  Duration pushEvery();

  /** The wait after a failed push; each further failure doubles it. */
  @WithDefault("1s")
  Duration firstRetry();

  /** The longest wait. */
  @WithDefault("5m")
  Duration longestRetry();

  /** How long a poll that may wait does so. */
  @WithDefault("10s")
  Duration longestPoll();
}
