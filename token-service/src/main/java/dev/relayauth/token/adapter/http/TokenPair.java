package dev.relayauth.token.adapter.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.relayauth.token.domain.issuing.Derivation;
import dev.relayauth.token.domain.issuing.Issuance;
import dev.relayauth.token.domain.issuing.Session;
import dev.relayauth.token.domain.issuing.TokenClass;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A pair as clients read it; the last five members are of short pairs alone. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record TokenPair(
    String accessToken,
    String refreshToken,
    Instant accessTokenExpiresAt,
    Instant refreshTokenExpiresAt,
    String tokenType,
    String sessionId,
    List<String> scopes,
    @Nullable String agentId,
    @Nullable String workspaceId,
    @Nullable String tokenClass,
    @Nullable List<String> paths,
    @Nullable String issuedViaWorkspaceTokenId) {
  static TokenPair of(Issuance issuance) {
    Session session = issuance.session();
    Derivation derivation = session.derivation();
    TokenClass tokenClass = derivation.tokenClass();
    return new TokenPair(
        issuance.accessToken(),
        issuance.refreshToken().text(),
        issuance.token().expiresAt(),
        session.refreshExpiresAt(),
        derivation.jkt() == null ? "Bearer" : "DPoP",
        session.sid(),
        session.scopes(),
        tokenClass == null ? null : session.identityId(),
        tokenClass == null ? null : session.workspaceId(),
        tokenClass == null ? null : tokenClass.wireName(),
        tokenClass == TokenClass.PATH ? derivation.paths() : null,
        tokenClass == null ? null : derivation.parentTokenId());
  }

  @Override
  public String toString() {
    return "TokenPair[" + sessionId + "]";
  }
}
