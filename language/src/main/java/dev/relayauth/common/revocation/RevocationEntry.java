package dev.relayauth.common.revocation;

import java.time.Instant;

/**
 * Something revoked. It kills what names {@code id} and was issued before {@code seq}, that is with
 * {@code rev < seq}; a closed entry, and any entry for a token, kills whatever the {@code rev}.
 *
 * @param org the tenant, empty for a signing key
 * @param seq its place in commit order
 * @param closed nothing issued later lives either, until an open entry replaces it
 * @param expiresAt when no token it kills can be unexpired
 */
public record RevocationEntry(
    String org, RevocationKind kind, String id, long seq, boolean closed, Instant expiresAt) {
  /** Refuses an entry no subject could match. */
  public RevocationEntry {
    if (org.isEmpty() != (kind == RevocationKind.KEY)) {
      throw new IllegalArgumentException("exactly key entries are without an organisation");
    }
    if (kind == RevocationKind.ORGANIZATION && !id.equals(org)) {
      throw new IllegalArgumentException("an organisation's entry is its own");
    }
    if (id.isEmpty() || seq < 0) {
      throw new IllegalArgumentException("an entry has an id and a sequence");
    }
  }

  /** Whether it kills something issued at {@code rev} that names its id. */
  public boolean kills(long rev) {
    return closed || kind == RevocationKind.TOKEN || rev < seq;
  }

  RevocationEntry expiringNoEarlierThan(Instant other) {
    return expiresAt.isBefore(other)
        ? new RevocationEntry(org, kind, id, seq, closed, other)
        : this;
  }
}
