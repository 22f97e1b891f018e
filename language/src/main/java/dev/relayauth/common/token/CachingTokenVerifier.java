package dev.relayauth.common.token;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import dev.relayauth.common.token.Authentication.Authentic;
import dev.relayauth.common.token.Verification.Invalid;
import dev.relayauth.common.token.Verification.Valid;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Remembers which tokens had a good signature, by the SHA-256 of the whole token.
 *
 * <p>Only that is remembered: issuer, audience, times, and that its key is still known and still
 * the same, are checked at each use. Refusals are never remembered.
 */
public final class CachingTokenVerifier implements TokenVerifier {
  /** What an entry costs beside its text: claims, scopes and their index hold it about thrice. */
  private static final int ENTRY_OVERHEAD = 2048;

  private static final int TEXT_COPIES = 4;

  private final JwsTokenVerifier verifier;
  private final PublicKeys keys;
  private final ClaimsCheck check;
  private final Cache<Digest, Entry> cache;

  /** A cache of a quarter of the heap before a verifier of its own. */
  public CachingTokenVerifier(PublicKeys keys, CryptoProvider crypto, InstantSource clock) {
    this(keys, crypto, clock, Runtime.getRuntime().maxMemory() / 4);
  }

  /**
   * A cache before a verifier of its own.
   *
   * @param maximumBytes roughly how much memory the cache may hold
   */
  public CachingTokenVerifier(
      PublicKeys keys, CryptoProvider crypto, InstantSource clock, long maximumBytes) {
    this.verifier = new JwsTokenVerifier(keys, crypto, clock);
    this.keys = keys;
    this.check = new ClaimsCheck(clock);
    this.cache =
        Caffeine.newBuilder()
            .maximumWeight(maximumBytes)
            .weigher(CachingTokenVerifier::weight)
            .expireAfter(Expiry.<Digest, Entry>creating((key, entry) -> lifetime(entry, clock)))
            .executor(Runnable::run)
            .build();
  }

  private record Digest(long a, long b, long c, long d) {}

  private record Entry(Valid valid, VerificationKey key) {}

  private static int weight(Digest digest, Entry entry) {
    return ENTRY_OVERHEAD + TEXT_COPIES * entry.valid().payload().length();
  }

  private static Duration lifetime(Entry entry, InstantSource clock) {
    long left =
        entry.valid().claims().exp()
            + ClaimsCheck.LEEWAY_SECONDS
            - clock.instant().getEpochSecond();
    return Duration.ofSeconds(Math.max(0, left));
  }

  @Override
  public Verification verify(String compact, Expectations expected) {
    if (compact.length() > CompactJws.MAX_LENGTH) {
      return verifier.verify(compact, expected);
    }
    Digest digest = digest(compact);
    Entry known = cache.getIfPresent(digest);
    if (known != null && isKnown(known.key())) {
      return check.apply(known.valid(), expected);
    }
    Authentication found = verifier.authenticate(compact);
    return found instanceof Authentic authentic
        ? check.apply(remember(digest, authentic, compact), expected)
        : (Invalid) found;
  }

  private Verification remember(Digest digest, Authentic authentic, String compact) {
    Verification read = JwsTokenVerifier.read(authentic, compact);
    if (read instanceof Valid valid) {
      cache.put(digest, new Entry(valid, authentic.key()));
    }
    return read;
  }

  private boolean isKnown(VerificationKey key) {
    Optional<VerificationKey> found = keys.find(key.kid());
    return found.isPresent() && (found.get() == key || found.get().equals(key));
  }

  private static Digest digest(String compact) {
    try {
      ByteBuffer hash =
          ByteBuffer.wrap(
              MessageDigest.getInstance("SHA-256")
                  .digest(compact.getBytes(StandardCharsets.UTF_8)));
      return new Digest(hash.getLong(), hash.getLong(), hash.getLong(), hash.getLong());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
