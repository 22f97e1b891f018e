package dev.relayauth.token.adapter.oauth;

import dev.relayauth.common.config.RelayAuthConfig;
import dev.relayauth.token.domain.issuing.Delegation;
import dev.relayauth.token.domain.issuing.Derivation;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.Response;
import java.util.Optional;

/** A token for the client itself (RFC 6749 §4.4). */
@Singleton
final class ClientCredentialsGrant implements Grant {
  private final OAuthIssue issue;
  private final RelayAuthConfig config;

  ClientCredentialsGrant(OAuthIssue issue, RelayAuthConfig config) {
    this.issue = issue;
    this.config = config;
  }

  @Override
  public String type() {
    return "client_credentials";
  }

  @Override
  public Response answer(Request request) {
    // RFC 6749 §4.4: for confidential clients only.
    OAuthClient client =
        request.client().orElseThrow(() -> OAuthRefusal.client("the client must authenticate"));
    Delegation delegation =
        Delegation.oauth(
            Derivation.NONE.boundTo(request.jkt().orElse(null)), client.id(), Optional.empty());
    return OAuthAnswer.access(
        issue.issue(
            new OAuthIssue.Wanted(
                "token.issued",
                client.org(),
                client.id(),
                request.form().wanted(config.issuer()),
                delegation,
                client.credential(),
                request.rev()),
            draft ->
                draft
                    .with("actorId", client.id())
                    .with("credential", client.method())
                    .with("apiKeyId", client.credentialId())),
        null);
  }
}
