package dev.relayauth.audit.domain.activity;

import java.time.Instant;

/** What the log says an agent has used. */
@FunctionalInterface
public interface UsageLog {
  /** The usage at a moment. May block. */
  Usage usage(String org, String identityId, Instant now);
}
