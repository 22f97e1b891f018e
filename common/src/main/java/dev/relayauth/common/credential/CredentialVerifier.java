package dev.relayauth.common.credential;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.relayauth.common.config.RelayAuthConfig;
import dev.relayauth.common.credential.Authentication.Authenticated;
import dev.relayauth.common.credential.Authentication.Rejected;
import dev.relayauth.common.directory.ApiKeyDirectory;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.event.ApiKeyState;
import dev.relayauth.common.event.Topics;
import dev.relayauth.common.freshness.Freshness;
import dev.relayauth.common.revocation.RevocationKind;
import dev.relayauth.common.revocation.RevocationSubject;
import dev.relayauth.common.scope.ScopeSet;
import dev.relayauth.common.token.DpopProofs;
import dev.relayauth.common.token.Expectations;
import dev.relayauth.common.token.TokenVerifier;
import dev.relayauth.common.token.Verification;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Checks credentials in full: form, signature, claims, expiry, revocation. Answers from memory;
 * only a key nobody has seen yet costs a call. Fails closed when the revocation feed is stale.
 */
@Singleton
public final class CredentialVerifier {
  /** The audience of our own API. */
  public static final String AUDIENCE = "relayauth";

  private static final int MAX_KNOWN = 10_000;

  private final TokenVerifier tokens;
  private final DpopProofs proofs;
  private final PublishedKeys keys;
  private final ApiKeyDirectory apiKeys;
  private final RevocationProjection revocations;
  private final Freshness freshness;
  private final Expectations bearer;
  private final Optional<String> platformKeyHash;
  private final InstantSource clock;
  private final KeyUses uses;
  private final RevocationInquiry inquiry;
  private final boolean askWhenStale;
  private final LoadingCache<ApiKeyState, KnownKey> knownKeys =
      Caffeine.newBuilder()
          .weakKeys()
          .maximumSize(MAX_KNOWN)
          .executor(Runnable::run)
          .build(KnownKey::of);

  CredentialVerifier(
      TokenVerifier tokens,
      DpopProofs proofs,
      PublishedKeys keys,
      ApiKeyDirectory apiKeys,
      RevocationProjection revocations,
      Freshness freshness,
      RelayAuthConfig config,
      InstantSource clock,
      KeyUses uses,
      RevocationInquiry inquiry) {
    this.tokens = tokens;
    this.proofs = proofs;
    this.keys = keys;
    this.apiKeys = apiKeys;
    this.revocations = revocations;
    this.freshness = freshness;
    this.bearer = Expectations.bearer(config.issuer(), AUDIENCE);
    this.platformKeyHash = config.platformKeyHash();
    this.clock = clock;
    this.uses = uses;
    this.inquiry = inquiry;
    this.askWhenStale = config.freshness().askWhenStale();
  }

  /** Checks what a request presents; fails only when a key's owner is away. */
  public CompletableFuture<Authentication> verify(PresentedCredential presented) {
    return switch (presented) {
      case PresentedCredential.None ignored ->
          done(
              new Rejected(
                  ErrorCode.MISSING_AUTHORIZATION,
                  "send Authorization: Bearer <token> or x-api-key: <key>"));
      case PresentedCredential.Unreadable unreadable ->
          done(new Rejected(ErrorCode.INVALID_AUTHORIZATION, unreadable.detail()));
      case PresentedCredential.Token token -> verifyToken(token.compact(), Optional.empty());
      case PresentedCredential.BoundToken bound -> verifyToken(bound.compact(), Optional.of(bound));
      case PresentedCredential.Key key -> verifyKey(key.key());
    };
  }

  private CompletableFuture<Authentication> verifyToken(
      String compact, Optional<PresentedCredential.BoundToken> bound) {
    Verification first = tokens.verify(compact, bearer);
    boolean unknownKey =
        first instanceof Verification.Invalid invalid
            && invalid.reason() == Verification.Reason.UNKNOWN_KEY;
    if (!unknownKey) {
      return concluded(first, bound);
    }
    return keys.refresh()
        .handle((done, failure) -> tokens.verify(compact, bearer))
        .thenCompose(second -> concluded(second, bound));
  }

  private CompletableFuture<Authentication> concluded(
      Verification verification, Optional<PresentedCredential.BoundToken> bound) {
    boolean ask = askWhenStale && !freshness.isFresh(Topics.REVOCATION);
    return ask && verification instanceof Verification.Valid valid
        ? inquiry
            .isRevoked(valid)
            .handle((revoked, failure) -> concluded(valid, bound, revoked, failure))
        : done(conclude(verification, bound));
  }

  private Authentication concluded(
      Verification.Valid valid,
      Optional<PresentedCredential.BoundToken> bound,
      @Nullable Boolean revoked,
      @Nullable Throwable failure) {
    // What is known here may kill it even now; that it doesn't says nothing.
    if (failure != null || revoked == null) {
      return stale(possession(valid, bound));
    }
    return revoked || revocations.set().match(valid).isPresent()
        ? revoked()
        : possession(valid, bound);
  }

  private Authentication conclude(
      Verification verification, Optional<PresentedCredential.BoundToken> bound) {
    return switch (verification) {
      case Verification.Invalid invalid when invalid.reason() == Verification.Reason.EXPIRED ->
          new Rejected(ErrorCode.TOKEN_EXPIRED, "the token has expired; issue or refresh one");
      case Verification.Invalid invalid when isOfRemovedKey(invalid) -> revoked();
      case Verification.Invalid invalid ->
          new Rejected(ErrorCode.INVALID_TOKEN, "the token is refused: " + invalid.detail());
      case Verification.Valid valid -> {
        if (!freshness.isFresh(Topics.REVOCATION)) {
          yield stale(possession(valid, bound));
        }
        yield revocations.set().match(valid).isPresent() ? revoked() : possession(valid, bound);
      }
    };
  }

  /** Whether its key was taken away: here that may be known before, or after, its key is gone. */
  private boolean isOfRemovedKey(Verification.Invalid token) {
    return Optional.ofNullable(token.kid())
        .flatMap(kid -> revocations.set().find("", RevocationKind.KEY, kid))
        .isPresent();
  }

  private Authentication possession(
      Verification.Valid token, Optional<PresentedCredential.BoundToken> bound) {
    String jkt = token.claims().jkt();
    if (bound.isEmpty()) {
      // RFC 9449 §7.2: a bound token is no bearer token.
      return jkt == null
          ? new Authenticated(new Caller.Bearer(token))
          : new Rejected(
              ErrorCode.INVALID_TOKEN,
              "the token is bound to a key: send Authorization: DPoP",
              null,
              true);
    }
    if (jkt == null) {
      return new Rejected(
          ErrorCode.INVALID_TOKEN, "the token is bound to no key: send Authorization: Bearer");
    }
    return switch (proofs.check(bound.get().proof(), bound.get().compact())) {
      case DpopProofs.Refused refused ->
          new Rejected(ErrorCode.INVALID_DPOP_PROOF, refused.detail());
      case DpopProofs.Proven proven ->
          proven.jkt().equals(jkt)
              ? new Authenticated(new Caller.Bearer(token))
              : new Rejected(ErrorCode.INVALID_TOKEN, "the proof is by another key");
    };
  }

  private CompletableFuture<Authentication> verifyKey(String key) {
    if (key.startsWith(ApiKeyFormat.PLATFORM)) {
      return done(verifyPlatformKey(key));
    }
    String prefix =
        key.startsWith(ApiKeyFormat.WORKSPACE_TOKEN)
            ? ApiKeyFormat.WORKSPACE_TOKEN
            : ApiKeyFormat.API_KEY;
    if (!ApiKeyFormat.isWellFormed(prefix, key)) {
      return done(unknownKey());
    }
    return apiKeys
        .find(ApiKeyFormat.hash(key))
        .thenApply(found -> found.map(this::conclude).orElseGet(CredentialVerifier::unknownKey));
  }

  private Authentication conclude(ApiKeyState key) {
    Instant now = clock.instant();
    if (key.revokedAt() != null || (key.expiresAt() != null && !now.isBefore(key.expiresAt()))) {
      return dead(key);
    }
    KnownKey known = knownKeys.get(key);
    if (!freshness.isFresh(Topics.REVOCATION)) {
      return stale(known.authenticated());
    }
    if (revocations.set().match(known.subject()).isPresent()) {
      return dead(key);
    }
    uses.note(key, now);
    return known.authenticated();
  }

  /** Whether an entry that is known here kills the credential of that caller. */
  public boolean isRevoked(Caller caller) {
    return switch (caller) {
      case Caller.Platform ignored -> false;
      case Caller.Bearer bearer -> revocations.set().match(bearer.token()).isPresent();
      case Caller.KeyHolder holder -> revocations.set().match(subject(holder)).isPresent();
    };
  }

  /** What is read of a key once: by its state, so that another state is read anew. */
  private record KnownKey(Authenticated authenticated, RevocationSubject subject) {
    static KnownKey of(ApiKeyState key) {
      Caller.KeyHolder holder = new Caller.KeyHolder(key, ScopeSet.lenient(key.scopes()));
      return new KnownKey(new Authenticated(holder), CredentialVerifier.subject(holder));
    }
  }

  private static RevocationSubject subject(Caller.KeyHolder holder) {
    ApiKeyState key = holder.key();
    return RevocationSubject.ofCredential(
        key.orgId(), key.id(), key.workspaces(), key.people(), key.rev());
  }

  private static Authentication dead(ApiKeyState key) {
    return key.kind() == ApiKeyState.Kind.workspace_token
        ? new Rejected(
            ErrorCode.WORKSPACE_TOKEN_REVOKED, "the workspace token is revoked or expired")
        : new Rejected(ErrorCode.INVALID_API_KEY, "the API key is revoked or expired");
  }

  private Authentication verifyPlatformKey(String key) {
    byte[] presented = ApiKeyFormat.hash(key).getBytes(StandardCharsets.US_ASCII);
    boolean same =
        platformKeyHash
            .map(hash -> hash.getBytes(StandardCharsets.US_ASCII))
            .filter(hash -> MessageDigest.isEqual(hash, presented))
            .isPresent();
    return same ? new Authenticated(new Caller.Platform()) : unknownKey();
  }

  private static Authentication unknownKey() {
    return new Rejected(ErrorCode.INVALID_API_KEY, "the API key is not known");
  }

  private static Authentication revoked() {
    return new Rejected(ErrorCode.TOKEN_REVOKED, "the token has been revoked");
  }

  private static Authentication stale(Authentication otherwise) {
    return otherwise instanceof Authenticated(var caller)
        ? new Rejected(
            ErrorCode.REVOCATION_FEED_STALE,
            "the revocation feed is stale: nothing is permitted until it is fresh",
            caller,
            false)
        : otherwise;
  }

  private static CompletableFuture<Authentication> done(Authentication authentication) {
    return CompletableFuture.completedFuture(authentication);
  }
}
