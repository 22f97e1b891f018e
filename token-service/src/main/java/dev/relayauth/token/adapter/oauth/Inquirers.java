package dev.relayauth.token.adapter.oauth;

import dev.relayauth.common.config.RelayAuthConfig;
import dev.relayauth.common.credential.Acting;
import dev.relayauth.common.credential.Authentication;
import dev.relayauth.common.credential.Caller;
import dev.relayauth.common.credential.CredentialVerifier;
import dev.relayauth.common.credential.PresentedCredential;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.scope.Scope;
import dev.relayauth.common.scope.ScopeSet;
import dev.relayauth.common.token.DpopProofs;
import dev.relayauth.token.adapter.http.Answers;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who asks about a token, or wants it gone: a client, or anyone with a credential of our API (RFC
 * 7662 §2.1, RFC 7009 §2.1). Blocking.
 */
@Singleton
final class Inquirers {
  private final OAuthClients clients;
  private final CredentialVerifier credentials;
  private final CurrentRequest request;
  private final RelayAuthConfig config;

  Inquirers(
      OAuthClients clients,
      CredentialVerifier credentials,
      CurrentRequest request,
      RelayAuthConfig config) {
    this.clients = clients;
    this.credentials = credentials;
    this.request = request;
    this.config = config;
  }

  /**
   * Somebody who has proved who it is.
   *
   * @param scopes what its credential may do on our API
   * @param acting the identities that act by it; none for people
   */
  record Inquirer(String org, String id, ScopeSet scopes, List<String> acting) {
    /** Whether a token issued to {@code clientId} is its own, or it may deal with all. */
    boolean mayDealWith(String clientId, Scope needed) {
      return id.equals(clientId) || scopes.covers(needed);
    }
  }

  /** The one who asks; refused when nobody proves who it is. */
  Inquirer require(HttpHeaders headers, OAuthForm form) {
    String authorization = headers.getHeaderString(HttpHeaders.AUTHORIZATION);
    String apiKey = headers.getHeaderString("x-api-key");
    if (apiKey == null && !isOfOurApi(authorization)) {
      return clients
          .find(authorization, form)
          .map(
              client ->
                  new Inquirer(
                      client.org(),
                      client.id(),
                      client.credential().get().scopes(),
                      List.of(client.id())))
          .orElseThrow(() -> OAuthRefusal.client("the client must authenticate"));
    }
    PresentedCredential presented =
        PresentedCredential.of(
            authorization,
            apiKey,
            new DpopProofs.Presented(
                headers.getRequestHeaders().getOrDefault(DpopProofs.HEADER, List.of()),
                request.method(),
                config.issuer() + request.path()));
    return of(Answers.await(credentials.verify(presented)));
  }

  private static boolean isOfOurApi(@Nullable String authorization) {
    return Optional.ofNullable(authorization)
        .filter(
            sent ->
                sent.regionMatches(true, 0, PresentedCredential.BEARER, 0, 7)
                    || sent.regionMatches(true, 0, PresentedCredential.DPOP, 0, 5))
        .isPresent();
  }

  private static Inquirer of(Authentication outcome) {
    return switch (outcome) {
      case Authentication.Rejected rejected when rejected.code().status() == 503 ->
          throw new RefusedException(rejected.code(), rejected.detail());
      case Authentication.Rejected rejected -> throw OAuthRefusal.client(rejected.detail());
      case Authentication.Authenticated authenticated ->
          switch (authenticated.caller()) {
            case Caller.Platform ignored ->
                throw OAuthRefusal.client("this needs a credential of an organisation");
            case Caller.Tenant tenant ->
                new Inquirer(tenant.org(), tenant.actorId(), tenant.scopes(), Acting.ids(tenant));
          };
    };
  }
}
