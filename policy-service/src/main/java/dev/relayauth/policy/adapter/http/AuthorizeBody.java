package dev.relayauth.policy.adapter.http;

import com.fasterxml.jackson.annotation.JsonAlias;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A question as a client sends it. */
public record AuthorizeBody(
    @Nullable String token,
    @JsonAlias("identity_id") @Nullable String identityId,
    @Nullable String scope,
    @Nullable Map<String, @Nullable Object> context,
    @JsonAlias("at_least_as_fresh") @Nullable String atLeastAsFresh,
    @Nullable Boolean explain,
    @JsonAlias("org_id") @Nullable String orgId) {

  /** Never the token. */
  @Override
  public String toString() {
    return "AuthorizeBody[" + identityId + ", " + scope + "]";
  }
}
