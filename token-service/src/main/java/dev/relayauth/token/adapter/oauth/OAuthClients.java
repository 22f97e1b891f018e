package dev.relayauth.token.adapter.oauth;

import dev.relayauth.common.credential.ApiKeyFormat;
import dev.relayauth.common.credential.Authentication;
import dev.relayauth.common.credential.Caller;
import dev.relayauth.common.credential.CredentialVerifier;
import dev.relayauth.common.credential.PresentedCredential;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.token.adapter.http.Answers;
import dev.relayauth.token.adapter.http.IssuingCredential;
import jakarta.inject.Singleton;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Authenticates clients: a client is an identity, its secret an API key that names it, or it signs
 * an assertion with a key registered for it. Blocking.
 */
@Singleton
final class OAuthClients {
  private static final String BASIC = "Basic ";

  private final CredentialVerifier credentials;
  private final IssuingCredential issuing;
  private final ClientAssertions assertions;

  OAuthClients(
      CredentialVerifier credentials, IssuingCredential issuing, ClientAssertions assertions) {
    this.credentials = credentials;
    this.issuing = issuing;
    this.assertions = assertions;
  }

  private record Claimed(String id, String secret) {
    @Override
    public String toString() {
      return "Claimed[" + id + "]";
    }
  }

  /** The client that authenticates, if one does; refused when one tries in vain. */
  Optional<OAuthClient> find(@Nullable String authorization, OAuthForm form) {
    Optional<Claimed> claimed = claimed(authorization, form);
    if (!ClientAssertions.isPresent(form)) {
      return claimed.map(this::verify);
    }
    // RFC 6749 §2.3: one method of authentication a request.
    if (claimed.isPresent()) {
      throw OAuthRefusal.request("authenticate either by a secret or by an assertion");
    }
    return Optional.of(assertions.verify(form));
  }

  private static Optional<Claimed> claimed(@Nullable String authorization, OAuthForm form) {
    Optional<String> secret = form.find("client_secret");
    if (authorization != null && authorization.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
      // RFC 6749 §2.3: one method of authentication a request.
      if (secret.isPresent()) {
        throw OAuthRefusal.request("authenticate either by header or by body, not by both");
      }
      Claimed basic = basic(authorization.substring(BASIC.length()).strip());
      form.find("client_id")
          .filter(id -> !id.equals(basic.id()))
          .ifPresent(
              id -> {
                throw OAuthRefusal.request("client_id differs from the header's");
              });
      return Optional.of(basic);
    }
    return secret.map(text -> new Claimed(form.require("client_id"), text));
  }

  /** RFC 6749 §2.3.1: both parts are form-encoded before they are joined. */
  private static Claimed basic(String encoded) {
    try {
      String text = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
      int colon = text.indexOf(':');
      if (colon > 0) {
        return new Claimed(
            URLDecoder.decode(text.substring(0, colon), StandardCharsets.UTF_8),
            URLDecoder.decode(text.substring(colon + 1), StandardCharsets.UTF_8));
      }
    } catch (IllegalArgumentException e) {
      throw OAuthRefusal.client("the Basic credentials can't be read");
    }
    throw OAuthRefusal.client("the Basic credentials can't be read");
  }

  private OAuthClient verify(Claimed claimed) {
    if (!claimed.secret().startsWith(ApiKeyFormat.API_KEY)) {
      throw unknown();
    }
    Authentication outcome =
        Answers.await(credentials.verify(new PresentedCredential.Key(claimed.secret())));
    return switch (outcome) {
      case Authentication.Rejected rejected when rejected.code().status() == 503 ->
          throw new RefusedException(rejected.code(), rejected.detail());
      case Authentication.Rejected ignored -> throw unknown();
      case Authentication.Authenticated authenticated -> of(claimed, authenticated.caller());
    };
  }

  /** DESIGN, sharp edge 10: the key must name the identity that calls itself the client. */
  private OAuthClient of(Claimed claimed, Caller caller) {
    if (caller instanceof Caller.KeyHolder holder
        && claimed.id().equals(holder.key().identityId())) {
      return new OAuthClient(
          holder.org(),
          claimed.id(),
          holder.sponsorChain(),
          holder.key().id(),
          "client_secret",
          () -> issuing.of(holder));
    }
    throw unknown();
  }

  private static RefusedException unknown() {
    return OAuthRefusal.client("the client is not known, or its secret is another");
  }
}
