package dev.relayauth.common.audit;

import org.jspecify.annotations.Nullable;

/**
 * The caller of another service, for whom that one calls; it is who the record is about.
 *
 * @param requestId of the request that the caller made there
 * @param traceparent the W3C trace context that came in with it
 */
public record OnBehalf(
    String actorId,
    @Nullable String ip,
    @Nullable String userAgent,
    @Nullable String requestId,
    @Nullable String traceparent) {

  /** A service that acts by itself, without a request. */
  public static OnBehalf itself(String actorId) {
    return new OnBehalf(actorId, null, null, null, null);
  }
}
