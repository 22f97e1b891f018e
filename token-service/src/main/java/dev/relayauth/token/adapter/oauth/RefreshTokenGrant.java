package dev.relayauth.token.adapter.oauth;

import dev.relayauth.common.config.RelayAuthConfig;
import dev.relayauth.common.token.JwtType;
import dev.relayauth.token.adapter.http.RefreshFlow;
import dev.relayauth.token.domain.issuing.Session;
import dev.relayauth.token.domain.refreshing.RefreshRequest;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.Response;
import java.util.Set;

/** The next pair of a family (RFC 6749 §6, OAuth 2.1 §4.3). */
@Singleton
final class RefreshTokenGrant implements Grant {
  private final RefreshFlow flow;
  private final RelayAuthConfig config;

  RefreshTokenGrant(RefreshFlow flow, RelayAuthConfig config) {
    this.flow = flow;
    this.config = config;
  }

  @Override
  public String type() {
    return "refresh_token";
  }

  @Override
  public Response answer(Request request) {
    RefreshFlow.Found found = flow.find(request.form().require("refresh_token"));
    Session session = found.session();
    // RFC 6749 §6: bound to the client it was issued to. Naming another, proved or not, refuses.
    boolean another =
        request.client().filter(client -> !client.id().equals(session.clientId())).isPresent()
            || request
                .form()
                .find("client_id")
                .filter(id -> !id.equals(session.clientId()))
                .isPresent();
    if (another) {
      throw OAuthRefusal.grant("the refresh token was issued to another client");
    }
    RefreshRequest wanted =
        new RefreshRequest(
            request.jkt(),
            request.form().scopes(),
            Set.copyOf(request.form().audience(config.issuer())),
            request.client().isPresent(),
            request.ip());
    return OAuthAnswer.pair(flow.refresh(found, JwtType.ACCESS_TOKEN, wanted, request.rev()));
  }
}
