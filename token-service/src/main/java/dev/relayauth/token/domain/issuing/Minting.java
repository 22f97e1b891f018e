package dev.relayauth.token.domain.issuing;

import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.revocation.RevocationEntry;
import dev.relayauth.common.revocation.RevocationKind;
import dev.relayauth.common.revocation.RevocationSet;
import dev.relayauth.common.revocation.RevocationSubject;
import dev.relayauth.common.token.Claims;
import dev.relayauth.common.token.JwtType;
import dev.relayauth.common.token.StatusReference;
import dev.relayauth.common.token.TokenSigner;
import dev.relayauth.common.token.TokenTooLargeException;
import dev.relayauth.token.domain.status.StatusPlace;
import dev.relayauth.token.domain.status.StatusPlaces;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Turns a session and one of its tokens into a signed JWT, unless it would be born dead. */
public final class Minting {
  private final String issuer;
  private final RevocationSet revocations;
  private final StatusPlaces places;

  /** Mints tokens of {@code issuer}, against the entries in force, without status lists. */
  public Minting(String issuer, RevocationSet revocations) {
    this(issuer, revocations, StatusPlaces.NONE);
  }

  /** Mints tokens of {@code issuer}, against the entries in force, with places of their own. */
  public Minting(String issuer, RevocationSet revocations, StatusPlaces places) {
    this.issuer = issuer;
    this.revocations = revocations;
    this.places = places;
  }

  /** The token with a place in a status list, where its organisation has them. */
  public Outcome<IssuedToken> place(IssuedToken token) {
    return places.next(token.org()).then(place -> Outcome.of(place.map(token::at).orElse(token)));
  }

  /** What a token of that session says. */
  public Claims claims(Session session, IssuedToken token, Chain chain) {
    return Claims.builder()
        .iss(issuer)
        .sub(session.identityId())
        .aud(session.audience())
        .exp(token.expiresAt().getEpochSecond())
        .iat(token.issuedAt().getEpochSecond())
        .nbf(token.issuedAt().getEpochSecond())
        .jti(token.jti())
        .clientId(session.clientId())
        .scopes(session.scopes())
        .org(session.org())
        .wks(session.workspaceId())
        .sid(session.sid())
        .tokenType(Claims.ACCESS)
        .sponsorId(chain.self().sponsorId())
        .sponsorChain(chain.self().sponsorChain())
        .lineage(session.lineage())
        .act(session.derivation().act())
        .mayAct(session.derivation().mayAct())
        .jkt(session.derivation().jkt())
        .parentTokenId(session.derivation().parentTokenId())
        .tokenClass(tokenClass(session.derivation()))
        .rev(token.rev())
        .status(status(token.status()))
        .budget(chain.budget(token.remaining()))
        .build();
  }

  private @Nullable StatusReference status(@Nullable StatusPlace place) {
    return place == null ? null : new StatusReference(place.uri(issuer), place.idx());
  }

  /** The signed token; refused when an entry kills it for good, or no verifier would take it. */
  public Outcome<String> mint(
      Session session, IssuedToken token, Chain chain, TokenSigner signer, JwtType type) {
    Claims claims = claims(session, token, chain);
    return match(claims, signer.kid())
        .filter(entry -> entry.kills(Long.MAX_VALUE))
        .map(entry -> Outcome.<String>refuse(refusal(entry, session.derivation())))
        .orElseGet(() -> sign(claims, signer, type))
        .then(compact -> Outcome.of(prefix(session.derivation()) + compact));
  }

  /**
   * The entry that kills the token which was made a moment ago: one that arrived in between, or
   * ahead of the feed. If it spares what is issued with a later {@code rev}, another try comes out
   * alive.
   */
  public Optional<RevocationEntry> killer(Session session, IssuedToken token, Chain chain) {
    return revocations.knownSequence() == token.rev()
        ? Optional.empty()
        : match(claims(session, token, chain), token.kid());
  }

  /** What a token can die of is long, and nearly always nothing is revoked. */
  private Optional<RevocationEntry> match(Claims claims, String kid) {
    return revocations.size() == 0
        ? Optional.empty()
        : revocations.match(RevocationSubject.of(claims, kid));
  }

  private static @Nullable String tokenClass(Derivation derivation) {
    return derivation.tokenClass() == null ? null : derivation.tokenClass().wireName();
  }

  private static String prefix(Derivation derivation) {
    return derivation.tokenClass() == null ? "" : derivation.tokenClass().prefix();
  }

  private static Outcome<String> sign(Claims claims, TokenSigner signer, JwtType type) {
    try {
      return Outcome.of(signer.sign(claims, type));
    } catch (TokenTooLargeException e) {
      return Outcome.refuse(
          Refusal.of(
              ErrorCode.VALIDATION_FAILED, "the token would be too long: ask for fewer scopes"));
    }
  }

  /** What to say of an entry that kills a token of that derivation. */
  public static Refusal refusal(RevocationEntry entry, Derivation derivation) {
    RevocationKind kind = entry.kind();
    if (derivation.isWorkspaceToken(entry.id())) {
      return Refusal.of(
          ErrorCode.WORKSPACE_TOKEN_REVOKED, "the workspace token behind it has been revoked");
    }
    return switch (kind) {
      case IDENTITY, SPONSOR, WORKSPACE, ORGANIZATION ->
          Refusal.of(ErrorCode.IDENTITY_SUSPENDED, "revoked: " + kind.wireName());
      case TOKEN, SESSION, PARENT, CREDENTIAL ->
          Refusal.of(ErrorCode.TOKEN_REVOKED, "revoked: " + kind.wireName());
      case KEY ->
          Refusal.of(ErrorCode.STORAGE_UNAVAILABLE, "the signing key is being replaced; try again");
    };
  }
}
