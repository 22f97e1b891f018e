package dev.relayauth.token.adapter.oauth;

import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.http.ErrorRenderer;
import dev.relayauth.common.json.Json;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import java.util.Optional;

/** Errors of the OAuth endpoints, by RFC 6749 §5.2. */
@Singleton
public final class OAuthErrors implements ErrorRenderer {
  private static final String FAMILY = "/oauth/";

  @Override
  public Optional<Response> render(
      String path, RefusedException refusal, Optional<String> challenge, String requestId) {
    return path.startsWith(FAMILY) ? Optional.of(render(refusal)) : Optional.empty();
  }

  private static Response render(RefusedException refusal) {
    String error = error(refusal);
    int status = status(error, refusal.code());
    Response.ResponseBuilder response =
        Response.status(status)
            .type(MediaType.APPLICATION_JSON_TYPE)
            .header(HttpHeaders.CACHE_CONTROL, "no-store")
            .entity(
                Json.write(Map.of("error", error, "error_description", ascii(refusal.detail()))));
    if (status == 401) {
      response.header(HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"relayauth\"");
    }
    if (status == 503 || status == 429) {
      response.header(HttpHeaders.RETRY_AFTER, 1);
    }
    return response.build();
  }

  /** The characters that §5.2 allows. */
  private static String ascii(String text) {
    return text.replaceAll("[^\\x20\\x21\\x23-\\x5B\\x5D-\\x7E]", "'");
  }

  private static int status(String error, ErrorCode code) {
    if (error.equals("invalid_client")) {
      return 401;
    }
    // What is wrong with a grant or a scope is 400 here, whatever it is elsewhere.
    return code.status() == 401 || code.status() == 403 || code.status() == 404
        ? 400
        : code.status();
  }

  private static String error(RefusedException refusal) {
    if (refusal.members().get(OAuthRefusal.ERROR) instanceof String error) {
      return error;
    }
    return switch (refusal.code()) {
      case INVALID_DPOP_PROOF -> "invalid_dpop_proof";
      case INSUFFICIENT_SCOPE, SCOPE_ESCALATION, INVALID_SCOPE -> "invalid_scope";
      case MISSING_AUTHORIZATION, INVALID_AUTHORIZATION, INVALID_API_KEY -> "invalid_client";
      case INVALID_TOKEN,
          TOKEN_EXPIRED,
          TOKEN_REVOKED,
          WORKSPACE_TOKEN_REVOKED,
          IDENTITY_SUSPENDED,
          IDENTITY_RETIRED,
          IDENTITY_NOT_FOUND ->
          "invalid_grant";
      case INTERNAL_ERROR -> "server_error";
      case STORAGE_UNAVAILABLE, REVOCATION_FEED_STALE, RATE_LIMITED -> "temporarily_unavailable";
      // RFC 8707 §2: of a target that the token can't be for.
      default -> refusal.detail().startsWith("/audience") ? "invalid_target" : "invalid_request";
    };
  }
}
