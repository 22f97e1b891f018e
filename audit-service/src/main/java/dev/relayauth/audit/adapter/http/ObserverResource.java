package dev.relayauth.audit.adapter.http;

import dev.relayauth.audit.config.AuditConfig;
import dev.relayauth.audit.domain.log.AuditFilter;
import dev.relayauth.audit.domain.log.AuditLog;
import dev.relayauth.audit.domain.stream.Listeners;
import dev.relayauth.audit.domain.tree.TreeLog;
import dev.relayauth.common.credential.CredentialVerifier;
import dev.relayauth.common.credential.PresentedCredential;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.http.RequiresScope;
import dev.relayauth.common.http.Violations;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import jakarta.ws.rs.core.UriInfo;
import org.jspecify.annotations.Nullable;

/** The log of the caller's organisation as it grows. */
@Path("/v1/observer/events")
public final class ObserverResource {
  private final AuditLog log;
  private final TreeLog trees;
  private final Listeners listeners;
  private final CredentialVerifier credentials;
  private final AuditConfig config;
  private final CurrentRequest request;

  ObserverResource(
      AuditLog log,
      TreeLog trees,
      Listeners listeners,
      CredentialVerifier credentials,
      AuditConfig config,
      CurrentRequest request) {
    this.log = log;
    this.trees = trees;
    this.listeners = listeners;
    this.credentials = credentials;
    this.config = config;
    this.request = request;
  }

  /**
   * A stream of server-sent events that goes on where {@code Last-Event-ID} says, or begins now. It
   * takes the filters of the list.
   */
  @GET
  @RequiresScope("relayauth:audit:read")
  @RunOnVirtualThread
  public Response events(
      @Context UriInfo uri,
      @Context HttpHeaders headers,
      @HeaderParam("Last-Event-ID") @Nullable String lastEventId) {
    String org = request.tenant().org();
    AuditFilter filter = FilterParameters.read(uri.getQueryParameters());
    long grown = trees.checkpoint(org, Long.MAX_VALUE).size() - 1;
    long last = lastEventId == null ? grown : eventId(lastEventId);
    LiveCredential credential =
        new LiveCredential(
            credentials,
            PresentedCredential.of(
                headers.getHeaderString("Authorization"), headers.getHeaderString("x-api-key")),
            org);
    Listeners.Listener listener =
        listeners
            .join(org)
            .orElseThrow(
                () ->
                    RefusedException.rateLimited(
                        "the organisation has too many open streams",
                        config.stream().maxPerOrganization(),
                        1));
    StreamingOutput events =
        new EventStream(
            new EventStream.Source(log, listeners, org, filter),
            listener,
            credential,
            config.stream(),
            new EventStream.Start(Math.min(last, grown), last > grown));
    return Response.ok(events)
        .type("text/event-stream")
        .header("Cache-Control", "no-store")
        .header("X-Accel-Buffering", "no")
        .build();
  }

  private static long eventId(String text) {
    boolean known = text.matches("[0-9]{1,18}");
    new Violations().check(known, "/Last-Event-ID", "is none of ours").throwIfAny();
    return Long.parseLong(text);
  }
}
