package dev.relayauth.token.adapter.http;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonFormat;
import dev.relayauth.common.http.Violations;
import dev.relayauth.common.id.IdFormat;
import dev.relayauth.common.id.IdPrefix;
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
    @JsonAlias("refresh_token_ttl_seconds") @Nullable Lifetime refreshTokenTtlSeconds,
    @JsonAlias("may_act") @Nullable MayAct mayAct) {
  private static final int MAX_ACTORS = 16;

  /** The only ones that may become its actor (RFC 8693 §4.4). */
  record MayAct(
      @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
          @Nullable List<String> sub) {}

  /** Their ids; none for no such limit. */
  List<String> actors() {
    return mayAct == null || mayAct.sub() == null ? List.of() : List.copyOf(mayAct.sub());
  }

  /** The request, or a 400 that names everything wrong with it. */
  IssueRequest toRequest() {
    new Violations()
        .text(identityId, "/identityId")
        .list(scopes, "/scopes", ScopeSet.MAX_SIZE)
        .check(scopes == null || !scopes.isEmpty(), "/scopes", "must not be empty when it is there")
        .list(audience, "/audience", ScopeSet.MAX_SIZE)
        .check(
            audience == null || !audience.isEmpty(),
            "/audience",
            "must not be empty when it is there")
        .check(isWellFormed(mayAct), "/mayAct/sub", "names 1 to " + MAX_ACTORS + " identities")
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

  private static boolean isWellFormed(@Nullable MayAct mayAct) {
    if (mayAct == null) {
      return true;
    }
    List<String> ids = mayAct.sub();
    return ids != null
        && !ids.isEmpty()
        && ids.size() <= MAX_ACTORS
        && ids.stream().allMatch(id -> id != null && IdFormat.isValid(IdPrefix.IDENTITY, id));
  }
}
