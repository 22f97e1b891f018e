package dev.relayauth.policy.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How long approvals live, under {@code relayauth.approvals}. */
@ConfigMapping(prefix = "relayauth.approvals")
public interface ApprovalConfig {
  /**
   * How long a request waits for a human, and again how long an approval waits to be used; beyond
   * it, whoever asks again starts anew.
   */
  @WithDefault("1h")
  Duration validity();

  /** How many open ones an agent may have; beyond it nobody is asked. */
  @WithDefault("100")
  int maxOpen();

  /** How often what is late is closed and put on record. */
  @WithDefault("1s")
  Duration sweepEvery();
}
