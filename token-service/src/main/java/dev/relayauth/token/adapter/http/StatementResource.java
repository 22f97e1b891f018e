package dev.relayauth.token.adapter.http;

import dev.relayauth.common.config.RelayAuthConfig;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.http.Internal;
import dev.relayauth.common.http.Violations;
import dev.relayauth.common.internal.ServiceTokens;
import dev.relayauth.common.json.Json;
import dev.relayauth.common.token.JwtType;
import dev.relayauth.common.token.SigningAlgorithm;
import dev.relayauth.common.token.TokenSigner;
import dev.relayauth.token.adapter.postgres.KeyRefresh;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the deployment's keys sign beside tokens, for the revocation service alone. */
@Path("/internal/v1")
public final class StatementResource {
  private static final String STATUS_LIST = "application/statuslist+jwt";
  private static final String CALLER = "revocation";
  private static final int MAX_EVENTS = 200;

  private final StatusListRenderer lists;
  private final KeyRefresh keys;
  private final ServiceTokens services;
  private final String issuer;

  StatementResource(
      StatusListRenderer lists, KeyRefresh keys, ServiceTokens services, RelayAuthConfig config) {
    this.lists = lists;
    this.keys = keys;
    this.services = services;
    this.issuer = config.issuer();
  }

  /** Claims of security events, without {@code iss}, which is the deployment's. */
  record Events(@Nullable List<Map<String, Object>> events) {}

  /** Security Event Tokens, in the order of the claims. */
  record Signed(List<String> tokens) {}

  /** A status list as it is at this moment. */
  @GET
  @Path("/status-lists/{list}")
  @Internal
  @Produces(STATUS_LIST)
  @RunOnVirtualThread
  public String statusList(@PathParam("list") int list) {
    return lists
        .render(list)
        .orElseThrow(
            () -> new RefusedException(ErrorCode.NOT_FOUND, "there is no such status list"));
  }

  /** Signs security events, with RS256, which every receiver takes (CAEP Interop Profile §2.6). */
  @POST
  @Path("/security-events")
  @Internal
  @Produces(MediaType.APPLICATION_JSON)
  @RunOnVirtualThread
  public Signed sign(@HeaderParam("Authorization") String authorization, @Nullable Events body) {
    if (services
        .caller(authorization.substring("Bearer ".length()))
        .filter(CALLER::equals)
        .isEmpty()) {
      throw new RefusedException(ErrorCode.INSUFFICIENT_SCOPE, "only revocation tells of events");
    }
    List<Map<String, Object>> events =
        body == null || body.events() == null ? List.of() : body.events();
    new Violations()
        .check(events.size() <= MAX_EVENTS, "/events", "at most " + MAX_EVENTS)
        .throwIfAny();
    TokenSigner signer = keys.signer(SigningAlgorithm.RS256).join();
    return new Signed(events.stream().map(claims -> sign(signer, claims)).toList());
  }

  private String sign(TokenSigner signer, Map<String, Object> claims) {
    Map<String, Object> whole = new LinkedHashMap<>(claims);
    whole.put("iss", issuer);
    return signer.signStatement(
        JwtType.SECURITY_EVENT, new String(Json.write(whole), StandardCharsets.UTF_8));
  }
}
