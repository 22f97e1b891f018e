package dev.relayauth.policy.adapter.authzen;

import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.http.ErrorRenderer;
import dev.relayauth.common.json.Json;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Optional;

/** Refusals of the AuthZEN endpoints: an error message string (Authorization API 1.0 §10.1.9). */
@Singleton
public final class AuthZenErrors implements ErrorRenderer {
  private static final String PREFIX = "/access/v1/";

  @Override
  public Optional<Response> render(
      String path, RefusedException refusal, Optional<String> challenge, String requestId) {
    if (!path.startsWith(PREFIX)) {
      return Optional.empty();
    }
    int status = refusal.code().status();
    Response.ResponseBuilder response =
        Response.status(status)
            .type(MediaType.APPLICATION_JSON)
            .entity(Json.write(refusal.code().slug() + ": " + refusal.detail()));
    challenge.ifPresent(how -> response.header(HttpHeaders.WWW_AUTHENTICATE, how));
    if (status == 503 || status == 429) {
      response.header(
          HttpHeaders.RETRY_AFTER, refusal.members().getOrDefault("retryAfter", 1).toString());
    }
    return Optional.of(response.build());
  }
}
