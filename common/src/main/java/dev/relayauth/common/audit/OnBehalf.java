package dev.relayauth.common.audit;

import org.jspecify.annotations.Nullable;

/** The caller of another service, for whom that one calls; it is who the record is about. */
public record OnBehalf(
    String actorId, @Nullable String ip, @Nullable String userAgent, @Nullable String requestId) {}
