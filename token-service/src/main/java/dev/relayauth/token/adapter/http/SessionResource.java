package dev.relayauth.token.adapter.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.http.Cursor;
import dev.relayauth.common.http.Page;
import dev.relayauth.common.http.RequiresScope;
import dev.relayauth.common.http.Violations;
import dev.relayauth.token.adapter.kafka.IdentityChains;
import dev.relayauth.token.adapter.postgres.PostgresSessions;
import dev.relayauth.token.domain.issuing.Chain;
import dev.relayauth.token.domain.issuing.Session;
import dev.relayauth.token.domain.issuing.TokenClass;
import dev.relayauth.token.domain.refreshing.Refreshing;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The sessions of an identity. */
@Path("/v1/sessions")
@Produces(MediaType.APPLICATION_JSON)
public final class SessionResource {
  private final PostgresSessions sessions;
  private final IdentityChains chains;
  private final Refreshing refreshing;
  private final CurrentRequest request;

  SessionResource(
      PostgresSessions sessions,
      IdentityChains chains,
      Refreshing refreshing,
      CurrentRequest request) {
    this.sessions = sessions;
    this.chains = chains;
    this.refreshing = refreshing;
    this.request = request;
  }

  /**
   * A session as clients read it.
   *
   * @param ended before its time: revoked, by whatever name, or its refresh token used twice
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record View(
      String id,
      String identityId,
      String orgId,
      @Nullable String workspaceId,
      List<String> sponsorChain,
      String clientId,
      List<String> scopes,
      List<String> audience,
      @Nullable String parentTokenId,
      @Nullable String tokenClass,
      Instant createdAt,
      Instant refreshExpiresAt,
      Instant expiresAt,
      boolean ended) {
    static View of(Session session, boolean ended) {
      TokenClass tokenClass = session.derivation().tokenClass();
      return new View(
          session.sid(),
          session.identityId(),
          session.org(),
          session.workspaceId(),
          session.sponsorChain(),
          session.clientId(),
          session.scopes(),
          session.audience(),
          session.derivation().parentTokenId(),
          tokenClass == null ? null : tokenClass.wireName(),
          session.createdAt(),
          session.refreshExpiresAt(),
          session.expiresAt(),
          ended);
    }
  }

  /** The sessions of an identity of the caller's organisation, the newest first. */
  @GET
  @RunOnVirtualThread
  @RequiresScope("relayauth:token:read")
  public Page<View> list(
      @QueryParam("identityId") @Nullable String identityId,
      @QueryParam("limit") @Nullable String limit,
      @QueryParam("cursor") @Nullable String cursor) {
    new Violations().text(identityId, "/identityId").throwIfAny();
    int size = Cursor.limit(limit);
    String org = request.tenant().org();
    String list = "sessions/" + org + "/" + identityId;
    Cursor after = Cursor.decode(cursor, list);
    List<PostgresSessions.Listed> found =
        sessions.list(org, Answers.required(identityId), after, size + 1);
    Optional<Chain> chain =
        found.isEmpty()
            ? Optional.empty()
            : Answers.await(chains.find(org, Answers.required(identityId)));
    return Page.of(
        found,
        size,
        list,
        listed -> View.of(listed.session(), isEnded(listed, chain)),
        SessionResource::place);
  }

  /** Without its identity a session is no more use either. */
  private boolean isEnded(PostgresSessions.Listed listed, Optional<Chain> chain) {
    return listed.replayed()
        || chain.isEmpty()
        || listed
            .newest()
            .filter(pair -> refreshing.isRevoked(listed.session(), pair, chain.get()))
            .isPresent();
  }

  private static Cursor place(PostgresSessions.Listed listed) {
    return new Cursor(listed.session().createdAt(), listed.session().sid());
  }
}
