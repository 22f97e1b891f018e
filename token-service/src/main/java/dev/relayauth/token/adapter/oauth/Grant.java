package dev.relayauth.token.adapter.oauth;

import jakarta.ws.rs.core.Response;
import java.util.Optional;

/** One {@code grant_type} of the token endpoint. Blocking. */
interface Grant {
  /** The value of {@code grant_type}. */
  String type();

  /** The answer; a refusal is thrown. */
  Response answer(Request request);

  /**
   * What came to the token endpoint.
   *
   * @param client the client, when it authenticated
   * @param jkt the key that it has proved to hold
   * @param ip the address that it asks from
   * @param rev the last revocation sequence applied, read before the first check
   */
  record Request(
      OAuthForm form,
      Optional<OAuthClient> client,
      Optional<String> jkt,
      Optional<String> ip,
      long rev) {}
}
