package dev.relayauth.sdk;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A token to issue.
 *
 * @param scopes what it may do; null for all that the identity has
 * @param ttl seconds
 */
public record TokenRequest(
    String identityId,
    @Nullable List<String> scopes,
    @Nullable List<String> audience,
    @Nullable Long ttl,
    @Nullable Long refreshTokenTtlSeconds) {
  public TokenRequest {
    Objects.requireNonNull(identityId);
  }

  /** A token of an identity. */
  public static TokenRequest forIdentity(String id) {
    return new TokenRequest(id, null, null, null, null);
  }

  /** With these scopes alone. */
  public TokenRequest scopes(String... wanted) {
    return new TokenRequest(identityId, List.of(wanted), audience, ttl, refreshTokenTtlSeconds);
  }

  /** For these receivers. */
  public TokenRequest audience(String... receivers) {
    return new TokenRequest(identityId, scopes, List.of(receivers), ttl, refreshTokenTtlSeconds);
  }

  /** For so long: a minute to 24 hours. */
  public TokenRequest ttl(Duration lifetime) {
    return new TokenRequest(
        identityId, scopes, audience, lifetime.toSeconds(), refreshTokenTtlSeconds);
  }

  /** Refreshable for so long: at most 30 days. */
  public TokenRequest refreshable(Duration lifetime) {
    return new TokenRequest(identityId, scopes, audience, ttl, lifetime.toSeconds());
  }
}
