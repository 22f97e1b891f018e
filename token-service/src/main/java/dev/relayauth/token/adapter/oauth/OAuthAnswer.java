package dev.relayauth.token.adapter.oauth;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.relayauth.token.domain.issuing.Issuance;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A successful answer of the token endpoint (RFC 6749 §5.1, RFC 8693 §2.2.1). */
@JsonInclude(JsonInclude.Include.NON_NULL)
record OAuthAnswer(
    @JsonProperty("access_token") String accessToken,
    @JsonProperty("issued_token_type") @Nullable String issuedTokenType,
    @JsonProperty("token_type") String tokenType,
    @JsonProperty("expires_in") long expiresIn,
    @JsonProperty("refresh_token") @Nullable String refreshToken,
    String scope) {
  /** An access token alone: the client can come again with its secret (RFC 6749 §4.4.3). */
  static Response access(Issuance issuance, @Nullable String issuedTokenType) {
    return answer(of(issuance, issuedTokenType, null));
  }

  /** Both tokens. */
  static Response pair(Issuance issuance) {
    return answer(of(issuance, null, issuance.refreshToken().text()));
  }

  private static OAuthAnswer of(
      Issuance issuance, @Nullable String issuedTokenType, @Nullable String refreshToken) {
    return new OAuthAnswer(
        issuance.accessToken(),
        issuedTokenType,
        issuance.session().derivation().jkt() == null ? "Bearer" : "DPoP",
        Duration.between(issuance.token().issuedAt(), issuance.token().expiresAt()).toSeconds(),
        refreshToken,
        String.join(" ", issuance.session().scopes()));
  }

  private static Response answer(OAuthAnswer answer) {
    return Response.ok(answer, MediaType.APPLICATION_JSON_TYPE)
        .header(HttpHeaders.CACHE_CONTROL, "no-store")
        .header("Pragma", "no-cache")
        .build();
  }

  @Override
  public String toString() {
    return "OAuthAnswer[" + scope + "]";
  }
}
