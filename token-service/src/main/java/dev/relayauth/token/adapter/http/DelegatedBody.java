package dev.relayauth.token.adapter.http;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonFormat;
import dev.relayauth.common.http.Violations;
import dev.relayauth.common.json.Lifetime;
import dev.relayauth.common.scope.ScopeSet;
import dev.relayauth.token.domain.issuing.IssueRequest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The body of an agent, path or workspace-path issue, as clients write it. */
record DelegatedBody(
    @JsonAlias({"agent_id", "identityId", "identity_id"}) @Nullable String agentId,
    @JsonAlias("workspace_id") @Nullable String workspaceId,
    @Nullable List<String> paths,
    @Nullable List<String> scopes,
    @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
        @Nullable List<String> audience,
    @Nullable Lifetime ttl,
    @JsonAlias("expires_in") @Nullable Lifetime expiresIn,
    @JsonAlias("refresh_token_ttl_seconds") @Nullable Lifetime refreshTokenTtlSeconds,
    @JsonAlias("delegation_not_after") @Nullable Instant delegationNotAfter) {
  /** The request, or a 400 that names everything wrong with it. */
  IssueRequest toRequest(Instant now) {
    new Violations()
        .text(agentId, "/agentId")
        .list(paths, "/paths", ScopeSet.MAX_SIZE)
        .check(
            delegationNotAfter == null || delegationNotAfter.isAfter(now),
            "/delegationNotAfter",
            "has passed")
        .throwIfAny();
    return new IssueBody(
            agentId, null, scopes, audience, ttl, expiresIn, refreshTokenTtlSeconds, null)
        .toRequest();
  }

  /** The paths, which may be missing where they count for nothing. */
  List<String> pathsOrNone() {
    return paths == null ? List.of() : paths;
  }

  Optional<Instant> notAfter() {
    return Optional.ofNullable(delegationNotAfter);
  }
}
