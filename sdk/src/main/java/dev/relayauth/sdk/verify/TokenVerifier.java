package dev.relayauth.sdk.verify;

import dev.relayauth.common.token.CachingTokenVerifier;
import dev.relayauth.common.token.CryptoProvider;
import dev.relayauth.common.token.DpopProofs;
import dev.relayauth.common.token.Expectations;
import dev.relayauth.common.token.Verification;
import dev.relayauth.sdk.Secret;
import dev.relayauth.sdk.verify.TokenRefusedException.Reason;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Verifies access tokens where they are presented, without asking RelayAuth each time: signature,
 * algorithm, issuer, audience, times, type and organisation, then the revocation feed. When the
 * feed is older than the bound nobody can know, and every token is refused. Safe for any thread.
 */
public final class TokenVerifier implements AutoCloseable {
  private static final long CACHE_BYTES = 32L << 20;

  private final PublishedKeys keys;
  private final CachingTokenVerifier verifier;
  private final Expectations expected;
  private final List<String> audience;
  private final String organization;
  private final DpopProofs proofs;
  private final @Nullable RevocationFeed feed;

  private TokenVerifier(
      PublishedKeys keys, InstantSource clock, Place place, @Nullable RevocationFeed feed) {
    this.keys = keys;
    this.verifier = new CachingTokenVerifier(keys, CryptoProvider.preferred(), clock, CACHE_BYTES);
    this.proofs = new DpopProofs(CryptoProvider.preferred(), clock);
    this.expected = Expectations.data(place.issuer);
    this.audience = place.audience;
    this.organization = place.organization;
    this.feed = feed;
  }

  private record Place(String issuer, List<String> audience, String organization) {}

  /** A verifier to be described. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Verifies a token as presented, without the word {@code Bearer}.
   *
   * @throws TokenRefusedException when it is not good, nobody can know, or it is bound to a key: a
   *     bound token is no bearer token (RFC 9449 §7.2)
   */
  public VerifiedToken verify(String token) {
    VerifiedToken verified = believed(token);
    if (verified.claims().jkt() != null) {
      throw new TokenRefusedException(
          Reason.PROOF_REQUIRED, "the token is bound to a key, and came without a proof");
    }
    return verified;
  }

  /**
   * Verifies a token that was presented as {@code Authorization: DPoP}, with its proof (RFC 9449
   * §7.1). A proof counts once at this verifier, and for a minute.
   *
   * @throws TokenRefusedException when either is not good, or nobody can know
   */
  public VerifiedToken verify(String token, DpopProofs.Presented proof) {
    VerifiedToken verified = believed(token);
    String jkt = verified.claims().jkt();
    if (jkt == null) {
      throw new TokenRefusedException(
          Reason.INVALID, "the token is bound to no key, so it comes as a bearer token");
    }
    // RFC 9449 §4.3 (12): of that token, and by the key that it names.
    DpopProofs.Result outcome = proofs.check(proof, token);
    if (outcome instanceof DpopProofs.Refused refused) {
      throw new TokenRefusedException(Reason.PROOF_INVALID, refused.detail());
    }
    if (!((DpopProofs.Proven) outcome).jkt().equals(jkt)) {
      throw new TokenRefusedException(Reason.PROOF_INVALID, "the proof is by another key");
    }
    return verified;
  }

  private VerifiedToken believed(String token) {
    keys.refreshWhenOld();
    long seen = keys.fetchedAt();
    Verification outcome = verifier.verify(token, expected);
    if (isOfAnUnknownKey(outcome) && keys.refresh(seen)) {
      outcome = verifier.verify(token, expected);
    }
    if (outcome instanceof Verification.Valid valid) {
      return believe(valid);
    }
    throw refusal((Verification.Invalid) outcome);
  }

  /** Whether the feed is recent; without a feed it always is. */
  public boolean isFresh() {
    return feed == null || feed.isFresh();
  }

  @Override
  public void close() {
    if (feed != null) {
      feed.close();
    }
  }

  private VerifiedToken believe(Verification.Valid valid) {
    if (valid.claims().aud().stream().noneMatch(audience::contains)) {
      throw new TokenRefusedException(Reason.INVALID, "the token is for another audience");
    }
    if (!valid.claims().org().equals(organization)) {
      throw new TokenRefusedException(
          Reason.WRONG_ORGANIZATION, "the token is of another organisation");
    }
    if (feed != null) {
      if (!feed.isFresh()) {
        throw new TokenRefusedException(
            Reason.FEED_STALE, "what is known of revocations is too old");
      }
      if (feed.entries().match(valid).isPresent()) {
        throw new TokenRefusedException(Reason.REVOKED, "the token has been revoked");
      }
    }
    return new VerifiedToken(valid.claims(), valid.scopes());
  }

  private static boolean isOfAnUnknownKey(Verification outcome) {
    return outcome instanceof Verification.Invalid invalid
        && invalid.reason() == Verification.Reason.UNKNOWN_KEY;
  }

  private TokenRefusedException refusal(Verification.Invalid invalid) {
    if (isOfAnUnknownKey(invalid) && keys.isEmpty()) {
      return new TokenRefusedException(
          Reason.KEYS_UNAVAILABLE, "the keys of the issuer can't be had");
    }
    Reason reason =
        invalid.reason() == Verification.Reason.EXPIRED ? Reason.EXPIRED : Reason.INVALID;
    return new TokenRefusedException(reason, invalid.detail());
  }

  /** Describes a verifier. */
  public static final class Builder {
    private @Nullable String issuer;
    private @Nullable String organization;
    private List<String> audience = List.of();
    private @Nullable HttpClient http;
    private @Nullable Supplier<Secret> credential;
    private boolean revocations = true;
    private Duration bound = Duration.ofSeconds(1);
    private InstantSource clock = InstantSource.system();
    private @Nullable RevocationFeed feed;

    private Builder() {}

    /** RelayAuth's base URL, equal to {@code iss}. */
    public Builder issuer(String baseUrl) {
      this.issuer = baseUrl;
      return this;
    }

    /** The organisation whose tokens count: identifiers are unique inside it alone. */
    public Builder organization(String id) {
      this.organization = id;
      return this;
    }

    /** Who verifies: one of these must be in the token's {@code aud}. */
    public Builder audience(List<String> receivers) {
      this.audience = List.copyOf(receivers);
      return this;
    }

    /** The HTTP client for keys and feed. */
    public Builder httpClient(HttpClient client) {
      this.http = client;
      return this;
    }

    /** The credential that may read revocations (scope {@code revocation:read}). */
    public Builder revocationsBy(Supplier<Secret> reader) {
      this.credential = reader;
      return this;
    }

    /** How old what is known of revocations may be; a second when not said. */
    public Builder bound(Duration limit) {
      this.bound = limit;
      return this;
    }

    /** Another feed than the stream, such as one from Kafka. */
    public Builder feed(RevocationFeed other) {
      this.feed = other;
      return this;
    }

    /** Accepts that a revoked token lives until it expires. */
    public Builder withoutRevocations() {
      this.revocations = false;
      return this;
    }

    /** Another clock. */
    public Builder clock(InstantSource other) {
      this.clock = other;
      return this;
    }

    /**
     * Makes it, and starts its feed. Returns once the feed is there, or after five seconds without
     * it: then every token is refused until it is.
     *
     * @throws IllegalStateException when issuer, organisation, audience or the feed's credential
     *     are missing
     */
    public TokenVerifier build() {
      Place place =
          new Place(required(issuer, "issuer"), audience, required(organization, "organization"));
      if (audience.isEmpty()) {
        throw new IllegalStateException("say the audience: who verifies");
      }
      HttpClient client = http == null ? HttpClient.newHttpClient() : http;
      PublishedKeys keys =
          new PublishedKeys(
              client,
              URI.create(place.issuer + "/.well-known/jwks.json"),
              Duration.ofSeconds(5),
              Duration.ofMinutes(5));
      return new TokenVerifier(keys, clock, place, feed(client, place));
    }

    private @Nullable RevocationFeed feed(HttpClient client, Place place) {
      if (!revocations || feed != null) {
        return revocations ? feed : null;
      }
      StreamedRevocations streamed =
          new StreamedRevocations(
              client, place.issuer, required(credential, "revocationsBy"), bound);
      streamed.start();
      return streamed;
    }

    private static <T> T required(@Nullable T value, String name) {
      if (value == null) {
        throw new IllegalStateException("say the verifier's " + name);
      }
      return value;
    }
  }
}
