package dev.relayauth.common.budget;

import org.jspecify.annotations.Nullable;

/** Who changes the limits of an identity at the policy service, and from where, for the record. */
public record LimitsAuthor(
    String actorId,
    @Nullable String ip,
    @Nullable String userAgent,
    @Nullable String requestId,
    @Nullable String traceparent) {}
