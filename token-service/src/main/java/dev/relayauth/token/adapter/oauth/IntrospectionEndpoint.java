package dev.relayauth.token.adapter.oauth;

import dev.relayauth.common.config.RelayAuthConfig;
import dev.relayauth.common.http.Open;
import dev.relayauth.common.json.Json;
import dev.relayauth.common.scope.Scope;
import dev.relayauth.token.adapter.http.FreshFeeds;
import dev.relayauth.token.domain.introspection.ActiveToken;
import dev.relayauth.token.domain.issuing.Session;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells what a token says (RFC 7662): a client about its own tokens, and whoever may read tokens
 * about all of its organisation.
 */
@Path("/oauth/introspect")
public final class IntrospectionEndpoint {
  private static final Scope READ = Scope.parse("relayauth:token:read");

  private final FreshFeeds feeds;
  private final Inquirers inquirers;
  private final HeldTokens tokens;
  private final RelayAuthConfig config;

  IntrospectionEndpoint(
      FreshFeeds feeds, Inquirers inquirers, HeldTokens tokens, RelayAuthConfig config) {
    this.feeds = feeds;
    this.inquirers = inquirers;
    this.tokens = tokens;
    this.config = config;
  }

  /** What the token says, or only that it is not active. */
  @POST
  @Open
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  @RunOnVirtualThread
  public Response introspect(@Context HttpHeaders headers, @Nullable String sent) {
    feeds.rev();
    OAuthForm form = new OAuthForm(sent);
    Inquirers.Inquirer inquirer = inquirers.require(headers, form);
    String answer =
        tokens
            .find(form.require("token"), inquirer.org())
            // RFC 7662 §2.2: what one may not know is as good as inactive.
            .filter(held -> inquirer.mayDealWith(clientOf(held), READ))
            .map(this::describe)
            .orElse("{\"active\":false}");
    return Response.ok(answer, MediaType.APPLICATION_JSON_TYPE)
        .header(HttpHeaders.CACHE_CONTROL, "no-store")
        .build();
  }

  private static String clientOf(HeldTokens.Held held) {
    return switch (held) {
      case HeldTokens.Access access -> access.token().claims().clientId();
      case HeldTokens.Refresh refresh -> refresh.session().clientId();
    };
  }

  private String describe(HeldTokens.Held held) {
    return switch (held) {
      case HeldTokens.Access access -> ActiveToken.json(access.token());
      case HeldTokens.Refresh refresh ->
          new String(Json.write(describe(refresh.session())), StandardCharsets.UTF_8);
    };
  }

  private Map<String, Object> describe(Session session) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("active", true);
    answer.put("iss", config.issuer());
    answer.put("sub", session.identityId());
    answer.put("client_id", session.clientId());
    answer.put("scope", String.join(" ", session.scopes()));
    answer.put("aud", session.audience());
    answer.put("sid", session.sid());
    answer.put("org", session.org());
    answer.put("iat", session.createdAt().getEpochSecond());
    answer.put("exp", session.refreshExpiresAt().getEpochSecond());
    return answer;
  }
}
