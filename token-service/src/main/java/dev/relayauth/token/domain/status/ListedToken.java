package dev.relayauth.token.domain.status;

import dev.relayauth.common.revocation.RevocationSubject;
import dev.relayauth.common.token.Claims;
import dev.relayauth.token.domain.issuing.IssuedToken;
import dev.relayauth.token.domain.issuing.Session;
import java.util.List;

/** A token that has a place in a list, and its session. */
public record ListedToken(IssuedToken token, Session session, int idx) {
  /** The token as revocation sees it. */
  public RevocationSubject subject() {
    List<String> chain = session.sponsorChain();
    Claims claims =
        Claims.builder()
            .iss("")
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
            .sponsorId(chain.get(Math.max(0, chain.size() - 2)))
            .sponsorChain(chain)
            .lineage(session.lineage())
            .act(session.derivation().act())
            .parentTokenId(session.derivation().parentTokenId())
            .rev(token.rev())
            .build();
    return RevocationSubject.of(claims, token.kid());
  }
}
