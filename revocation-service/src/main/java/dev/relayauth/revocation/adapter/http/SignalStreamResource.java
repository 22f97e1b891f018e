package dev.relayauth.revocation.adapter.http;

import dev.relayauth.common.config.RelayAuthConfig;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.http.RequiresScope;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.id.IdSource;
import dev.relayauth.common.outbound.OutboundPost;
import dev.relayauth.revocation.adapter.postgres.PostgresSignalStreams;
import dev.relayauth.revocation.config.SignalConfig;
import dev.relayauth.revocation.domain.signal.SignalStream;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Streams of the caller's organisation (SSF 1.0 §8.1.1). */
@Path("/ssf/v1/streams")
@RunOnVirtualThread
public final class SignalStreamResource {
  private final PostgresSignalStreams streams;
  private final OutboundPost post;
  private final CurrentRequest request;
  private final IdSource ids;
  private final InstantSource clock;
  private final SignalConfig config;
  private final String issuer;

  SignalStreamResource(
      PostgresSignalStreams streams,
      OutboundPost post,
      CurrentRequest request,
      IdSource ids,
      InstantSource clock,
      SignalConfig config,
      RelayAuthConfig deployment) {
    this.streams = streams;
    this.post = post;
    this.request = request;
    this.ids = ids;
    this.clock = clock;
    this.config = config;
    this.issuer = deployment.issuer();
  }

  /** Begins a stream; 409 when the organisation has as many as it may. */
  @POST
  @RequiresScope("relayauth:revocation:manage")
  public Response create(@Nullable SignalStreamBody body) {
    SignalStreamBody wanted = RevocationResource.required(body);
    wanted.check(post);
    SignalStream stream =
        new SignalStream(
            ids.next(IdPrefix.SIGNAL_STREAM),
            request.tenant().org(),
            request.tenant().actorId(),
            wanted.endpoint(),
            wanted.authorization(),
            wanted.requested(),
            wanted.description(),
            SignalStream.Status.ENABLED,
            null,
            clock.instant());
    if (!streams.add(stream, config.streamsPerOrganization())) {
      throw new RefusedException(
          ErrorCode.CONFLICT,
          "the organisation has " + config.streamsPerOrganization() + " streams already");
    }
    return Response.status(Response.Status.CREATED).entity(view(stream)).build();
  }

  /** One stream, or all of them. */
  @GET
  @RequiresScope("relayauth:revocation:read")
  public Object read(@QueryParam("stream_id") @Nullable String id) {
    String org = request.tenant().org();
    return id == null
        ? streams.list(org).stream().map(this::view).toList()
        : streams.find(org, id).map(this::view).orElseThrow(SignalStreamResource::unknown);
  }

  /** Changes what the body names, and leaves the rest. */
  @PATCH
  @RequiresScope("relayauth:revocation:manage")
  public SignalStreamView change(@Nullable SignalStreamBody body) {
    SignalStreamBody wanted = RevocationResource.required(body);
    return change(
        wanted,
        old ->
            with(
                old,
                wanted.delivery() == null ? old.endpoint() : wanted.endpoint(),
                wanted.delivery() == null ? old.authorization() : wanted.authorization(),
                new SignalStreamBody(
                    null,
                    null,
                    wanted.eventsRequested() == null ? old.requested() : wanted.requested(),
                    Optional.ofNullable(wanted.description()).orElse(old.description()))));
  }

  /** Makes the stream what the body says, and nothing else. */
  @PUT
  @RequiresScope("relayauth:revocation:manage")
  public SignalStreamView replace(@Nullable SignalStreamBody body) {
    SignalStreamBody wanted = RevocationResource.required(body);
    return change(wanted, old -> with(old, wanted.endpoint(), wanted.authorization(), wanted));
  }

  /** Ends a stream; what waits for it is forgotten. */
  @DELETE
  @RequiresScope("relayauth:revocation:manage")
  public void remove(@QueryParam("stream_id") @Nullable String id) {
    if (id == null || !streams.remove(request.tenant().org(), id)) {
      throw unknown();
    }
  }

  private SignalStreamView change(
      SignalStreamBody wanted, java.util.function.UnaryOperator<SignalStream> change) {
    wanted.check(post);
    String id = Optional.ofNullable(wanted.streamId()).orElseThrow(SignalStreamResource::unknown);
    return streams
        .change(request.tenant().org(), id, change)
        .map(this::view)
        .orElseThrow(SignalStreamResource::unknown);
  }

  private static SignalStream with(
      SignalStream old,
      @Nullable String endpoint,
      @Nullable String authorization,
      SignalStreamBody wanted) {
    return new SignalStream(
        old.id(),
        old.org(),
        old.actorId(),
        endpoint,
        authorization,
        wanted.requested(),
        wanted.description(),
        old.status(),
        old.reason(),
        old.createdAt());
  }

  private SignalStreamView view(SignalStream stream) {
    return SignalStreamView.of(stream, issuer);
  }

  static RefusedException unknown() {
    return new RefusedException(ErrorCode.NOT_FOUND, "there is no such stream");
  }
}
