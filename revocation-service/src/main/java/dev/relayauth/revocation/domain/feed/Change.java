package dev.relayauth.revocation.domain.feed;

import dev.relayauth.revocation.domain.entry.Target;
import java.time.Instant;

/**
 * An entry came into force, or was taken away.
 *
 * @param seq its place in commit order
 * @param gone taken away
 * @param revocationId {@code rev_…}
 */
public record Change(
    long seq, Target target, boolean gone, String revocationId, boolean closed, Instant expiresAt) {
  /** Whether it concerns tokens of that organisation. Signing keys concern everybody. */
  public boolean concerns(String org) {
    return target.org().isEmpty() || target.org().equals(org);
  }
}
