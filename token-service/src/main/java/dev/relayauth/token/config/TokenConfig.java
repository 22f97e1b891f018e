package dev.relayauth.token.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** What the token service reads from its configuration. */
@ConfigMapping(prefix = "relayauth.token")
public interface TokenConfig {
  /** 32 bytes in base64url under which successors of refresh tokens are derived. */
  String refreshKey();

  /** How long a used refresh token may be presented again and gets the same successor. */
  @WithDefault("10s")
  Duration refreshGrace();

  /** How long an issue waits to learn what is left of a budget before it goes on without. */
  @WithDefault("250ms")
  Duration budgetWait();

  /** How issues become durable. */
  GroupCommit groupCommit();

  /** How issues become durable. */
  interface GroupCommit {
    /** The most issues in one transaction. */
    @WithDefault("256")
    int batch();

    /** The most issues that may wait; one more is answered 503. */
    @WithDefault("4096")
    int queue();

    /** How many transactions may be under way. */
    @WithDefault("2")
    int committers();
  }
}
