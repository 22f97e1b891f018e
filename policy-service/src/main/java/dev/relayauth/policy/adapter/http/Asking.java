package dev.relayauth.policy.adapter.http;

import dev.relayauth.common.credential.Caller;
import dev.relayauth.common.http.Traceparent;
import dev.relayauth.policy.domain.decision.DecisionRecord.Origin;
import org.jspecify.annotations.Nullable;

/**
 * Who asks, and from where.
 *
 * @param unproven whether nobody can know if the caller's credential is revoked: all is denied
 * @param trace the W3C trace context of the question
 */
public record Asking(
    Caller.Tenant caller, boolean unproven, Origin origin, @Nullable String trace) {
  /** What a question says of where it comes from, whatever the protocol. */
  public static Asking of(
      Callers.Admitted admitted,
      @Nullable String ip,
      @Nullable String userAgent,
      @Nullable String requestId,
      @Nullable String traceparent) {
    Caller.Tenant caller = admitted.caller();
    Origin origin =
        new Origin(
            caller.actorId(),
            caller.sponsorId(),
            ip,
            userAgent,
            requestId,
            Traceparent.traceId(traceparent).orElse(null));
    return new Asking(
        caller, admitted.unproven(), origin, Traceparent.of(traceparent).orElse(null));
  }
}
