package dev.relayauth.token.adapter.oauth;

import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.http.Open;
import dev.relayauth.token.adapter.http.FreshFeeds;
import dev.relayauth.token.adapter.http.Possession;
import io.quarkus.arc.All;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The token endpoint (RFC 6749 §3.2). Its tokens are {@code at+jwt} (RFC 9068 §2.1). */
@Path("/oauth/token")
public final class TokenEndpoint {
  private final FreshFeeds feeds;
  private final OAuthClients clients;
  private final Possession possession;
  private final RefusedClients refusals;
  private final CurrentRequest request;
  private final Map<String, Grant> grants;

  TokenEndpoint(
      FreshFeeds feeds,
      OAuthClients clients,
      Possession possession,
      RefusedClients refusals,
      CurrentRequest request,
      @All List<Grant> grants) {
    this.feeds = feeds;
    this.clients = clients;
    this.possession = possession;
    this.refusals = refusals;
    this.request = request;
    this.grants = grants.stream().collect(Collectors.toMap(Grant::type, Function.identity()));
  }

  /** A token for a grant. */
  @POST
  @Open
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  @RunOnVirtualThread
  public Response token(
      @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
      @Context HttpHeaders headers,
      @Nullable String sent) {
    long rev = feeds.rev();
    OAuthForm form = new OAuthForm(sent);
    String type = form.require("grant_type");
    Grant grant = grants.get(type);
    if (grant == null) {
      throw OAuthRefusal.grantType();
    }
    Optional<OAuthClient> client = clients.find(authorization, form);
    try {
      return grant.answer(
          new Grant.Request(
              form, client, possession.proved(headers), Optional.ofNullable(request.ip()), rev));
    } catch (RefusedException refusal) {
      client.ifPresent(known -> refusals.record(known, refusal));
      throw refusal;
    }
  }
}
