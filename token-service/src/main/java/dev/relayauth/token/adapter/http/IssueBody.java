package dev.relayauth.token.adapter.http;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonFormat;
import dev.relayauth.common.http.Violations;
import dev.relayauth.common.json.Lifetime;
import dev.relayauth.common.scope.ScopeSet;
import dev.relayauth.token.domain.issuing.IssueRequest;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The body of an issue, as clients write it. */
record IssueBody(
    @JsonAlias("identity_id") @Nullable String identityId,
    @JsonAlias("org_id") @Nullable String orgId,
    @Nullable List<String> scopes,
    @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
        @Nullable List<String> audience,
    @Nullable Lifetime ttl,
    @JsonAlias("expires_in") @Nullable Lifetime expiresIn,
    @JsonAlias("refresh_token_ttl_seconds") @Nullable Lifetime refreshTokenTtlSeconds) {

  /** The request, or a 400 that names everything wrong with it. */
  IssueRequest toRequest() {
    new Violations()
        .text(identityId, "/identityId")
        .list(scopes, "/scopes", ScopeSet.MAX_SIZE)
        .check(scopes == null || !scopes.isEmpty(), "/scopes", "must not be empty when it is there")
        .list(audience, "/audience", ScopeSet.MAX_SIZE)
        .check(
            ttl == null || expiresIn == null || ttl.equals(expiresIn),
            "/expiresIn",
            "differs from /ttl; send one of them")
        .throwIfAny();
    return new IssueRequest(
        Optional.ofNullable(scopes).map(ScopeSet::of),
        audience == null ? List.of() : audience,
        Optional.ofNullable(ttl == null ? expiresIn : ttl).map(Lifetime::duration),
        Optional.ofNullable(refreshTokenTtlSeconds).map(Lifetime::duration));
  }
}
