package dev.relayauth.token.domain.keys;

import dev.relayauth.common.token.SigningKey;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A signing key of the deployment and its times.
 *
 * @param activatedAt from when on it signs, when no newer one does; null for a standby
 * @param retiredAt from when on it signs no more, though what it signed still verifies
 */
public record StoredKey(
    SigningKey key, Instant createdAt, @Nullable Instant activatedAt, @Nullable Instant retiredAt) {
  /** The longest life of an access token, and the leeway of verifiers' clocks. */
  private static final Duration OVERLAP = Duration.ofHours(24).plusMinutes(5);

  /** The key's name. */
  public String kid() {
    return key.kid();
  }

  /** When it began or begins to sign; never, for a standby. */
  public Instant activation() {
    return activatedAt == null ? Instant.MAX : activatedAt;
  }

  /** Whether it may sign at {@code now}. */
  public boolean signsAt(Instant now) {
    return !now.isBefore(activation()) && (retiredAt == null || now.isBefore(retiredAt));
  }

  /** Whether a token it signed can still be unexpired. */
  public boolean isPublishedAt(Instant now) {
    return retiredAt == null || now.isBefore(retiredAt.plus(OVERLAP));
  }
}
