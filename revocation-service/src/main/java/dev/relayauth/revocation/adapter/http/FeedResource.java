package dev.relayauth.revocation.adapter.http;

import dev.relayauth.common.credential.PresentedCredential;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.http.RequiresScope;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The set for verifiers at the edge: all of it, what changed, and what changes. */
@Path("/v1/revocations")
public final class FeedResource {
  private final RevocationStreams streams;
  private final Snapshots snapshots;
  private final CurrentRequest request;

  FeedResource(RevocationStreams streams, Snapshots snapshots, CurrentRequest request) {
    this.streams = streams;
    this.snapshots = snapshots;
    this.request = request;
  }

  /**
   * Changes as they are committed. {@code ready} comes first, or {@code reset} when the changes
   * since {@code Last-Event-ID} are no longer known; then {@code revocation} and {@code heartbeat}.
   */
  @GET
  @Path("/stream")
  @RequiresScope("relayauth:revocation:read")
  @Produces(MediaType.SERVER_SENT_EVENTS)
  public CompletionStage<Void> stream(
      @Context RoutingContext exchange,
      @HeaderParam("Authorization") @Nullable String authorization,
      @HeaderParam("x-api-key") @Nullable String apiKey,
      @HeaderParam("Last-Event-ID") @Nullable String after) {
    PresentedCredential credential = PresentedCredential.of(authorization, apiKey);
    return streams.open(exchange, request.tenant().org(), credential, after);
  }

  /** Everything in force, or what changed since a place; 304 when nothing did. */
  @GET
  @Path("/snapshot")
  @RequiresScope("relayauth:revocation:read")
  @RunOnVirtualThread
  public Response snapshot(
      @QueryParam("since") @Nullable String since,
      @HeaderParam("If-None-Match") @Nullable String known) {
    String org = request.tenant().org();
    Long from = since == null ? null : place(since);
    String tag = snapshots.tag(org, from);
    Response.ResponseBuilder answer =
        known != null && matches(known, tag)
            ? Response.notModified()
            : Response.ok((StreamingOutput) out -> snapshots.write(org, from, out))
                .type(MediaType.APPLICATION_JSON_TYPE);
    return answer.header("ETag", tag).header("Cache-Control", "private, no-cache").build();
  }

  /** RFC 9110 §13.1.2: a list of tags, compared weakly, or a star. */
  private static boolean matches(String known, String tag) {
    for (String each : known.split(",", -1)) {
      String stripped = each.strip();
      if (stripped.equals("*") || stripped.equals(tag) || stripped.equals("W/" + tag)) {
        return true;
      }
    }
    return false;
  }

  private static long place(String since) {
    try {
      long place = Long.parseLong(since);
      if (place >= 0) {
        return place;
      }
    } catch (NumberFormatException e) {
      throw bad();
    }
    throw bad();
  }

  private static RefusedException bad() {
    return new RefusedException(
        ErrorCode.VALIDATION_FAILED, "since must be the head of an earlier snapshot or event");
  }
}
