package dev.relayauth.token.adapter.http;

import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.http.Internal;
import dev.relayauth.common.token.Actor;
import dev.relayauth.token.adapter.postgres.PostgresSessions;
import dev.relayauth.token.domain.issuing.Session;
import dev.relayauth.token.domain.keys.KeyRing;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the other services may ask: whether something was issued, and to whom. */
@Path("/internal/v1")
@Produces(MediaType.APPLICATION_JSON)
public final class InternalResource {
  private final PostgresSessions sessions;
  private final KeyRing keys;

  InternalResource(PostgresSessions sessions, KeyRing keys) {
    this.sessions = sessions;
    this.keys = keys;
  }

  /**
   * A session or token, with all that revocation asks of it.
   *
   * @param kid the key that signed the token; missing for a session
   * @param actors all that act for the subject, with their own sponsors
   * @param rev the revocation sequence its issuer had applied; missing for a session
   */
  record IssuedView(
      String orgId,
      @Nullable String jti,
      String sid,
      @Nullable String kid,
      String identityId,
      List<String> sponsorChain,
      @Nullable String workspaceId,
      List<String> lineage,
      List<String> actors,
      @Nullable Long rev,
      Instant expiresAt) {
    static IssuedView of(
        PostgresSessions.@Nullable Found token, Session session, Instant expiresAt) {
      return new IssuedView(
          session.org(),
          token == null ? null : token.jti(),
          session.sid(),
          token == null ? null : token.kid(),
          session.identityId(),
          session.sponsorChain(),
          session.workspaceId(),
          session.lineage(),
          actorsOf(session),
          token == null ? null : token.rev(),
          expiresAt);
    }
  }

  private static List<String> actorsOf(Session session) {
    Actor act = session.derivation().act();
    return act == null ? List.of() : act.people();
  }

  /** A key. */
  record KeyExists(String kid) {}

  /** The session of an organisation. */
  @GET
  @Path("/sessions/{org}/{sid}")
  @Internal
  @RunOnVirtualThread
  public IssuedView session(@PathParam("org") String org, @PathParam("sid") String sid) {
    return sessions
        .session(org, sid)
        .map(session -> IssuedView.of(null, session, session.expiresAt()))
        .orElseThrow(InternalResource::notFound);
  }

  /** The token of an organisation; of any for {@code -}, when only the id is known. */
  @GET
  @Path("/tokens/{org}/{jti}")
  @Internal
  @RunOnVirtualThread
  public IssuedView token(@PathParam("org") String org, @PathParam("jti") String jti) {
    return sessions
        .token(org.equals("-") ? null : org, jti)
        .map(found -> IssuedView.of(found, found.session(), found.expiresAt()))
        .orElseThrow(InternalResource::notFound);
  }

  /** Whether a signing key is known. */
  @GET
  @Path("/keys/{kid}")
  @Internal
  @NonBlocking
  public KeyExists key(@PathParam("kid") String kid) {
    return keys.keys().stream()
        .filter(stored -> stored.kid().equals(kid))
        .findFirst()
        .map(stored -> new KeyExists(stored.kid()))
        .orElseThrow(InternalResource::notFound);
  }

  private static RefusedException notFound() {
    return new RefusedException(ErrorCode.NOT_FOUND, "there is none");
  }
}
