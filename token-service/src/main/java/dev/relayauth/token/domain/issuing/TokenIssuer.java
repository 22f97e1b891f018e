package dev.relayauth.token.domain.issuing;

import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.event.OrganizationSettings;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.id.IdSource;
import dev.relayauth.common.scope.ScopeSet;
import dev.relayauth.common.token.Claims;
import dev.relayauth.common.token.TokenSigner;
import dev.relayauth.token.domain.refreshing.RefreshTokens;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Decides whether a token may be issued, and issues it. Memory only; nothing is durable yet when it
 * returns.
 */
public final class TokenIssuer {
  private final Minting minting;
  private final GrantSource grants;
  private final RefreshTokens refreshTokens;
  private final IdSource ids;
  private final InstantSource clock;
  private final Set<String> resources;

  /**
   * An issuer.
   *
   * @param resources audiences beside the planes of the scopes
   */
  public TokenIssuer(
      Minting minting,
      GrantSource grants,
      RefreshTokens refreshTokens,
      IdSource ids,
      InstantSource clock,
      Set<String> resources) {
    this.resources = Set.copyOf(resources);
    this.minting = minting;
    this.grants = grants;
    this.refreshTokens = refreshTokens;
    this.ids = ids;
    this.clock = clock;
  }

  /**
   * What an issue stands on.
   *
   * @param rev the last revocation sequence applied, read before the first check
   * @param ip the address that asks
   */
  public record Basis(
      Chain chain,
      Credential credential,
      OrganizationSettings settings,
      TokenSigner signer,
      long rev,
      Optional<String> ip) {}

  /**
   * What an issue comes to.
   *
   * @param end when both tokens end at the latest
   */
  private record Choices(
      ScopeSet scopes, List<String> audience, Lifetimes lifetimes, Optional<Instant> end) {}

  /** A pair for the last of the chain, or why there is none. */
  public Outcome<Issuance> issue(IssueRequest request, Basis basis) {
    return issue(request, Delegation.NONE, basis);
  }

  /** A pair that comes from another credential, capped further, or why there is none. */
  public Outcome<Issuance> issue(IssueRequest request, Delegation delegation, Basis basis) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    return basis
        .chain()
        .active(now)
        .then(chain -> choose(request, delegation, basis))
        .then(choices -> issue(choices, delegation, basis, now));
  }

  private Outcome<Choices> choose(IssueRequest request, Delegation delegation, Basis basis) {
    if (basis.credential().lineage().size() > Claims.MAX_LINEAGE) {
      return Outcome.refuse(
          Refusal.of(ErrorCode.DELEGATION_DEPTH_EXCEEDED, "the credential descends from too many"));
    }
    Allowance allowance =
        Allowance.of(
            basis.chain(),
            delegation.derivation().actors(basis.credential().lineage()),
            grants,
            clock.instant(),
            basis.ip());
    Optional<Instant> end = end(delegation, basis);
    return Lifetimes.choose(request, basis.settings(), delegation.longestAccess())
        .then(
            lifetimes ->
                ScopeChoice.choose(
                        request.scopes(), allowance, basis.credential().scopes(), delegation)
                    .then(
                        scopes ->
                            AudienceChoice.choose(
                                    request.audience(), scopes, resources, delegation.source())
                                .then(
                                    audience ->
                                        Outcome.of(
                                            new Choices(scopes, audience, lifetimes, end)))));
  }

  private Outcome<Issuance> issue(
      Choices choices, Delegation delegation, Basis basis, Instant now) {
    Session session = session(choices, delegation, basis, now);
    if (!now.isBefore(session.refreshExpiresAt())) {
      return Outcome.refuse(
          Refusal.of(ErrorCode.VALIDATION_FAILED, "what it descends from is over"));
    }
    var refreshToken = refreshTokens.generate();
    IssuedToken token =
        new IssuedToken(
                ids.next(IdPrefix.TOKEN),
                session.sid(),
                session.org(),
                0,
                now,
                session.accessEnd(now),
                basis.rev(),
                refreshToken.hash(),
                basis.signer().kid())
            .telling(basis.chain().left());
    return minting
        .place(token)
        .then(
            placed ->
                minting
                    .mint(session, placed, basis.chain(), basis.signer(), delegation.type())
                    .then(
                        compact ->
                            Outcome.of(new Issuance(session, placed, compact, refreshToken))));
  }

  private Session session(Choices choices, Delegation delegation, Basis basis, Instant now) {
    IdentityState self = basis.chain().self();
    Duration access = choices.lifetimes().access();
    Duration refresh = choices.lifetimes().refresh();
    Duration longest = access.compareTo(refresh) > 0 ? access : refresh;
    return new Session(
        ids.next(IdPrefix.SESSION),
        self.orgId(),
        self.id(),
        delegation.workspaceId().orElse(self.workspaceId()),
        self.sponsorChain(),
        delegation.clientId().orElse(self.id()),
        choices.scopes().toList(),
        choices.audience(),
        basis.credential().lineage().stream()
            .filter(id -> !self.sponsorChain().contains(id) && !id.equals(self.workspaceId()))
            .toList(),
        delegation.derivation(),
        access,
        now,
        end(now, refresh, choices),
        end(now, longest, choices));
  }

  private static Instant end(Instant now, Duration life, Choices choices) {
    Instant end = now.plus(life);
    return choices.end().filter(limit -> limit.isBefore(end)).orElse(end);
  }

  /** The first end of what the issue descends from. */
  private static Optional<Instant> end(Delegation delegation, Basis basis) {
    Credential credential = basis.credential();
    return Stream.of(basis.chain().endsAt(), credential.end(), delegation.notAfter())
        .flatMap(Optional::stream)
        .min(Comparator.naturalOrder())
        .map(limit -> limit.truncatedTo(ChronoUnit.SECONDS));
  }
}
