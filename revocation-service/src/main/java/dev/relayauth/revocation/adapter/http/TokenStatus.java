package dev.relayauth.revocation.adapter.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.relayauth.common.credential.RevocationProjection;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.event.Topics;
import dev.relayauth.common.freshness.Freshness;
import dev.relayauth.common.revocation.RevocationSubject;
import dev.relayauth.revocation.domain.entry.Revocations;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * Says whether a token is revoked, to anyone. What the token names doesn't change, so it is
 * remembered; the entries are always those of this moment. Lookups under way are bounded.
 */
@Singleton
final class TokenStatus {
  private static final int MAX_REMEMBERED = 50_000;
  private static final int MAX_LOOKUPS = 32;
  private static final Duration UNKNOWN_FOR = Duration.ofSeconds(1);

  private final Peer peer;
  private final RevocationProjection revocations;
  private final Revocations entries;
  private final Freshness freshness;
  private final Semaphore lookups = new Semaphore(MAX_LOOKUPS);
  private final Cache<String, RevocationSubject> known =
      Caffeine.newBuilder().maximumSize(MAX_REMEMBERED).build();
  private final Cache<String, Boolean> unknown =
      Caffeine.newBuilder().maximumSize(MAX_REMEMBERED).expireAfterWrite(UNKNOWN_FOR).build();

  TokenStatus(
      Peer peer, RevocationProjection revocations, Revocations entries, Freshness freshness) {
    this.peer = peer;
    this.revocations = revocations;
    this.entries = entries;
    this.freshness = freshness;
  }

  /** Whether an entry kills the token. Blocks; refuses while the feed is stale. */
  boolean isRevoked(String jti) {
    RevocationSubject remembered = known.getIfPresent(jti);
    if (remembered != null) {
      return matches(remembered);
    }
    Boolean withoutFacts = unknown.getIfPresent(jti);
    return withoutFacts == null ? lookUp(jti) : withoutFacts;
  }

  private boolean lookUp(String jti) {
    if (!lookups.tryAcquire()) {
      throw RefusedException.rateLimited(
          "too many tokens are being looked up; try again shortly", MAX_LOOKUPS, 1);
    }
    try {
      Optional<RevocationSubject> found =
          peer.find("token", "/internal/v1/tokens/-/", jti, "", TokenFacts.class)
              .flatMap(TokenFacts::subject);
      if (found.isPresent()) {
        known.put(jti, found.get());
        return matches(found.get());
      }
      boolean revoked = entries.hasToken(jti);
      unknown.put(jti, revoked);
      return revoked;
    } finally {
      lookups.release();
    }
  }

  private boolean matches(RevocationSubject token) {
    if (!freshness.isFresh(Topics.REVOCATION)) {
      throw new RefusedException(
          ErrorCode.REVOCATION_FEED_STALE, "the revocation feed is stale; try again shortly");
    }
    return revocations.set().match(token).isPresent();
  }
}
