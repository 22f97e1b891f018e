package dev.relayauth.token.domain.refreshing;

import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.id.IdSource;
import dev.relayauth.common.revocation.RevocationEntry;
import dev.relayauth.common.revocation.RevocationKind;
import dev.relayauth.common.revocation.RevocationSet;
import dev.relayauth.common.revocation.RevocationSubject;
import dev.relayauth.common.scope.Scope;
import dev.relayauth.common.scope.ScopeSet;
import dev.relayauth.common.token.Claims;
import dev.relayauth.common.token.JwtType;
import dev.relayauth.common.token.TokenSigner;
import dev.relayauth.token.domain.issuing.Allowance;
import dev.relayauth.token.domain.issuing.Chain;
import dev.relayauth.token.domain.issuing.GrantSource;
import dev.relayauth.token.domain.issuing.Issuance;
import dev.relayauth.token.domain.issuing.IssuedToken;
import dev.relayauth.token.domain.issuing.Minting;
import dev.relayauth.token.domain.issuing.Outcome;
import dev.relayauth.token.domain.issuing.Refusal;
import dev.relayauth.token.domain.issuing.Session;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;

/**
 * Decides what a presented refresh token comes to. A family only ever narrows, and ends at the
 * moment set when it began.
 */
public final class Refreshing {
  private final Minting minting;
  private final GrantSource grants;
  private final RevocationSet revocations;
  private final RefreshTokens refreshTokens;
  private final IdSource ids;
  private final InstantSource clock;
  private final Duration grace;

  /** Decisions with a grace in which a used token may be presented again. */
  public Refreshing(
      Minting minting,
      GrantSource grants,
      RevocationSet revocations,
      RefreshTokens refreshTokens,
      IdSource ids,
      InstantSource clock,
      Duration grace) {
    this.minting = minting;
    this.grants = grants;
    this.revocations = revocations;
    this.refreshTokens = refreshTokens;
    this.ids = ids;
    this.clock = clock;
    this.grace = grace;
  }

  /**
   * What a refresh stands on.
   *
   * @param rev the last revocation sequence applied, read before the first check
   * @param wanted what else the client says
   */
  public record Basis(
      Chain chain, TokenSigner signer, JwtType type, long rev, RefreshRequest wanted) {}

  /** Decides; changes nothing. */
  public RefreshDecision decide(RefreshToken presented, Family family, Basis basis) {
    Instant now = clock.instant();
    Session session = family.session();
    String bound = session.derivation().jkt();
    // RFC 9449 §5: whoever can't prove the key changes nothing, not even by a replay.
    if (bound != null && basis.wanted().jkt().filter(bound::equals).isEmpty()) {
      return refused(ErrorCode.INVALID_TOKEN, "the refresh token is bound to a key; prove it");
    }
    // RFC 6749 §6: so may whoever can't authenticate as a client that did.
    if (family.authenticated() && !basis.wanted().authenticated()) {
      return refused(
          ErrorCode.MISSING_AUTHORIZATION, "the refresh token needs its client's authentication");
    }
    if (family.revoked()) {
      return refused(ErrorCode.TOKEN_REVOKED, "the session has ended");
    }
    if (!now.isBefore(session.refreshExpiresAt())) {
      return refused(ErrorCode.TOKEN_EXPIRED, "the refresh token has expired");
    }
    Optional<RevocationEntry> entry = revocation(family, basis.chain(), basis.signer().kid());
    if (entry.isPresent()) {
      return new RefreshDecision.Refused(refusal(entry.get(), session));
    }
    if (family.usedAt().isEmpty()) {
      return rotate(presented, family, basis, now);
    }
    Instant until = family.usedAt().get().plus(grace);
    if (family.successor().isEmpty() || family.successorUsed() || now.isAfter(until)) {
      return new RefreshDecision.Replayed();
    }
    return repeat(presented, session, family.successor().get(), basis);
  }

  /** Whether the presented refresh token would be good for a pair now. */
  public boolean isActive(Family family, Chain chain) {
    Instant now = clock.instant();
    return !family.revoked()
        && family.usedAt().isEmpty()
        && now.isBefore(family.session().refreshExpiresAt())
        && chain.active(now) instanceof Outcome.Accepted<Chain>
        && revocation(family, chain, "").isEmpty();
  }

  /**
   * Whether any token of a session may be good: its time isn't over, and nobody ended it by name.
   */
  public boolean mayLive(Session session) {
    return clock.instant().isBefore(session.expiresAt())
        && revocations
            .find(session.org(), RevocationKind.SESSION, session.sid())
            .filter(RevocationEntry::closed)
            .isEmpty();
  }

  /** Whether an entry ends a session whose newest pair this is. */
  public boolean isRevoked(Session session, IssuedToken newest, Chain chain) {
    return revocation(session, newest, chain, "").isPresent();
  }

  /**
   * Entries count from when the presented pair was issued. Its own {@code jti} does not: revoking
   * one access token leaves the session alone.
   */
  private Optional<RevocationEntry> revocation(Family family, Chain chain, String kid) {
    return revocation(family.session(), family.presented(), chain, kid);
  }

  private Optional<RevocationEntry> revocation(
      Session session, IssuedToken pair, Chain chain, String kid) {
    Claims claims =
        minting.claims(session, pair, chain).toBuilder().jti(ids.next(IdPrefix.TOKEN)).build();
    return revocations.match(RevocationSubject.of(claims, kid));
  }

  private static Refusal refusal(RevocationEntry entry, Session session) {
    return session.derivation().isWorkspaceToken(entry.id())
        ? Minting.refusal(entry, session.derivation())
        : Refusal.of(ErrorCode.TOKEN_REVOKED, "the session has been revoked");
  }

  private RefreshDecision rotate(RefreshToken presented, Family family, Basis basis, Instant now) {
    RefreshToken successor = refreshTokens.successorOf(presented);
    Instant issuedAt = now.truncatedTo(ChronoUnit.SECONDS);
    boolean authenticated = family.authenticated() || basis.wanted().authenticated();
    Outcome<RefreshDecision> outcome =
        basis
            .chain()
            .active(now)
            .then(
                chain ->
                    targeted(bound(family.session(), basis), basis.wanted())
                        .then(session -> narrowed(session, basis.wanted())))
            .then(
                next -> {
                  Allowance allowance = allowance(next, basis);
                  return allowed(next, allowance)
                      .then(
                          session ->
                              place(
                                  session,
                                  new IssuedToken(
                                          ids.next(IdPrefix.TOKEN),
                                          session.sid(),
                                          session.org(),
                                          family.presented().generation() + 1,
                                          issuedAt,
                                          session.accessEnd(issuedAt),
                                          basis.rev(),
                                          successor.hash(),
                                          basis.signer().kid())
                                      .telling(basis.chain().left()),
                                  successor,
                                  basis))
                      .then(
                          pair ->
                              Outcome.of(
                                  new RefreshDecision.Rotated(
                                      pair, kept(next, allowance), authenticated)));
                });
    return switch (outcome) {
      case Outcome.Accepted<RefreshDecision> accepted -> accepted.value();
      case Outcome.Refused<RefreshDecision> refused ->
          new RefreshDecision.Refused(refused.refusal());
    };
  }

  private RefreshDecision repeat(
      RefreshToken presented, Session session, IssuedToken successor, Basis basis) {
    Outcome<Issuance> outcome =
        basis
            .chain()
            .active(clock.instant())
            .then(chain -> sameTarget(session, basis.wanted()))
            .then(same -> allowed(same, allowance(same, basis)))
            .then(same -> mint(same, successor, refreshTokens.successorOf(presented), basis));
    return switch (outcome) {
      case Outcome.Accepted<Issuance> accepted -> new RefreshDecision.Repeated(accepted.value());
      case Outcome.Refused<Issuance> refused -> new RefreshDecision.Refused(refused.refusal());
    };
  }

  private static Session bound(Session session, Basis basis) {
    return basis.wanted().jkt().map(session::boundTo).orElse(session);
  }

  /** RFC 8707 §2.2: likewise of the audience; what it isn't for already, it won't be for. */
  private static Outcome<Session> targeted(Session session, RefreshRequest wanted) {
    if (wanted.audience().isEmpty()) {
      return Outcome.of(session);
    }
    return session.audience().containsAll(wanted.audience())
        ? Outcome.of(
            session.withAudience(
                session.audience().stream().filter(wanted.audience()::contains).toList()))
        : Outcome.refuse(notFor());
  }

  /** The pair of then is for those of then. */
  private static Outcome<Session> sameTarget(Session session, RefreshRequest wanted) {
    return wanted.audience().isEmpty() || wanted.audience().equals(Set.copyOf(session.audience()))
        ? Outcome.of(session)
        : Outcome.refuse(notFor());
  }

  private static Refusal notFor() {
    return Refusal.of(
        ErrorCode.VALIDATION_FAILED, "/audience names one that the refresh token is not for");
  }

  /** RFC 6749 §6: a client may ask for less, never for more; a family then stays narrower. */
  private static Outcome<Session> narrowed(Session session, RefreshRequest wanted) {
    ScopeSet held = ScopeSet.lenient(session.scopes());
    Optional<Scope> excess = wanted.scopes().flatMap(held::firstNotCovered);
    if (excess.isPresent()) {
      return Outcome.refuse(Refusal.lacking(excess.get(), held, "the refresh token"));
    }
    return Outcome.of(
        wanted.scopes().map(fewer -> session.withScopes(fewer.toList())).orElse(session));
  }

  /** The part of a family that may be issued as things are: a deny narrows this pair alone. */
  private static Outcome<Session> allowed(Session family, Allowance allowance) {
    return allowance
        .narrow(ScopeSet.lenient(family.scopes()))
        .then(left -> Outcome.of(family.withScopes(left.toList())));
  }

  /** A family as it goes on: what its identity has lost doesn't come back, what is denied may. */
  private static Session kept(Session family, Allowance allowance) {
    return family.withScopes(allowance.granted(ScopeSet.lenient(family.scopes())).toList());
  }

  private Allowance allowance(Session family, Basis basis) {
    return Allowance.of(
        basis.chain(),
        family.derivation().actors(family.lineage()),
        grants,
        clock.instant(),
        basis.wanted().ip());
  }

  private Outcome<Issuance> place(
      Session session, IssuedToken token, RefreshToken refreshToken, Basis basis) {
    return minting.place(token).then(placed -> mint(session, placed, refreshToken, basis));
  }

  private Outcome<Issuance> mint(
      Session session, IssuedToken token, RefreshToken refreshToken, Basis basis) {
    return minting
        .mint(session, token, basis.chain(), basis.signer(), basis.type())
        .then(compact -> Outcome.of(new Issuance(session, token, compact, refreshToken)));
  }

  private static RefreshDecision refused(ErrorCode code, String detail) {
    return new RefreshDecision.Refused(Refusal.of(code, detail));
  }
}
