package dev.relayauth.token.adapter.oauth;

import dev.relayauth.common.http.Open;
import dev.relayauth.common.revocation.RevocationKind;
import dev.relayauth.common.scope.Scope;
import dev.relayauth.common.token.Claims;
import dev.relayauth.token.adapter.http.AgentReach;
import dev.relayauth.token.adapter.http.Answers;
import dev.relayauth.token.adapter.http.FreshFeeds;
import dev.relayauth.token.adapter.http.Revoking;
import dev.relayauth.token.domain.issuing.Session;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Revokes a token (RFC 7009): an access token alone, a refresh token, used or not, with its whole
 * session. A client revokes its own, and whoever may manage tokens all of its organisation, an
 * agent none of those above it.
 */
@Path("/oauth/revoke")
public final class RevocationEndpoint {
  private static final Scope MANAGE = Scope.parse("relayauth:token:manage");
  private static final String REASON = "oauth_revoke";

  private final FreshFeeds feeds;
  private final Inquirers inquirers;
  private final HeldTokens tokens;
  private final Revoking revoking;
  private final AgentReach reach;

  RevocationEndpoint(
      FreshFeeds feeds,
      Inquirers inquirers,
      HeldTokens tokens,
      Revoking revoking,
      AgentReach reach) {
    this.feeds = feeds;
    this.inquirers = inquirers;
    this.tokens = tokens;
    this.revoking = revoking;
    this.reach = reach;
  }

  /** 200 once the revocation is committed, and for what is no token of theirs (§2.2). */
  @POST
  @Open
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  @RunOnVirtualThread
  public Response revoke(@Context HttpHeaders headers, @Nullable String sent) {
    feeds.rev();
    OAuthForm form = new OAuthForm(sent);
    Inquirers.Inquirer inquirer = inquirers.require(headers, form);
    tokens
        .revocable(form.require("token"), inquirer.org())
        .ifPresent(
            held -> {
              switch (held) {
                case HeldTokens.Access access -> revoke(access.token().claims(), inquirer);
                case HeldTokens.Refresh refresh -> revoke(refresh.session(), inquirer);
              }
            });
    return Response.ok().header(HttpHeaders.CACHE_CONTROL, "no-store").build();
  }

  private void revoke(Claims token, Inquirers.Inquirer inquirer) {
    check(inquirer, token.clientId(), token.sub());
    revoking.revoke(
        new Revoking.Order(
            token.org(),
            RevocationKind.TOKEN.wireName(),
            token.jti(),
            true,
            REASON,
            inquirer.id(),
            Instant.ofEpochSecond(token.exp()),
            token.sponsorChain()));
  }

  private void revoke(Session session, Inquirers.Inquirer inquirer) {
    check(inquirer, session.clientId(), session.identityId());
    revoking.revoke(
        new Revoking.Order(
            session.org(),
            RevocationKind.SESSION.wireName(),
            session.sid(),
            true,
            REASON,
            inquirer.id(),
            session.expiresAt(),
            session.sponsorChain()));
  }

  /** RFC 7009 §2.1: refused, and told so, when it was issued to another client. */
  private void check(Inquirers.Inquirer inquirer, String clientId, String subject) {
    if (inquirer.id().equals(clientId)) {
      return;
    }
    if (!inquirer.mayDealWith(clientId, MANAGE)) {
      throw OAuthRefusal.unauthorized("the token was issued to another client");
    }
    if (Answers.await(reach.acting(inquirer.org(), inquirer.acting())).hasAbove(subject)) {
      throw OAuthRefusal.unauthorized("an agent revokes no token of who stands above it");
    }
  }
}
