package dev.relayauth.revocation.adapter.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.http.RequiresScope;
import dev.relayauth.common.http.Violations;
import dev.relayauth.revocation.adapter.postgres.PostgresSignalStreams;
import dev.relayauth.revocation.domain.signal.Signal;
import dev.relayauth.revocation.domain.signal.SignalStream;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether a stream delivers, and whether it works (SSF 1.0 §8.1.2 and §8.1.4). */
@Path("/ssf/v1")
@RunOnVirtualThread
public final class SignalStatusResource {
  private static final int MAX_REASON = 500;
  private static final int MAX_STATE = 1_024;

  private final PostgresSignalStreams streams;
  private final CurrentRequest request;

  SignalStatusResource(PostgresSignalStreams streams, CurrentRequest request) {
    this.streams = streams;
    this.request = request;
  }

  /** A stream's status, as it is and as it is to be. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record StreamStatus(
      @JsonProperty("stream_id") @Nullable String streamId,
      @Nullable String status,
      @Nullable String reason) {
    static StreamStatus of(SignalStream stream) {
      return new StreamStatus(stream.id(), stream.status().wireName(), stream.reason());
    }
  }

  /** Which stream is to be verified, and what the event is to say. */
  public record Verification(
      @JsonProperty("stream_id") @Nullable String streamId, @Nullable String state) {}

  /** The status of a stream. */
  @GET
  @Path("/status")
  @RequiresScope("relayauth:revocation:read")
  public StreamStatus status(@QueryParam("stream_id") @Nullable String id) {
    return Optional.ofNullable(id)
        .flatMap(known -> streams.find(request.tenant().org(), known))
        .map(StreamStatus::of)
        .orElseThrow(SignalStreamResource::unknown);
  }

  /** Enables, pauses or disables a stream. */
  @POST
  @Path("/status")
  @RequiresScope("relayauth:revocation:manage")
  public StreamStatus change(@Nullable StreamStatus body) {
    StreamStatus wanted = RevocationResource.required(body);
    Optional<SignalStream.Status> status =
        Arrays.stream(SignalStream.Status.values())
            .filter(each -> each.wireName().equals(wanted.status()))
            .findFirst();
    new Violations()
        .text(wanted.streamId(), "/stream_id")
        .check(status.isPresent(), "/status", "must be enabled, paused or disabled")
        .optionalText(wanted.reason(), "/reason", MAX_REASON)
        .throwIfAny();
    return streams
        .change(
            request.tenant().org(),
            String.valueOf(wanted.streamId()),
            old -> with(old, status.orElseThrow(), wanted.reason()))
        .map(StreamStatus::of)
        .orElseThrow(SignalStreamResource::unknown);
  }

  /** Has a verification event sent along the stream; 204. */
  @POST
  @Path("/verification")
  @RequiresScope("relayauth:revocation:manage")
  public void verify(@Nullable Verification body) {
    Verification wanted = RevocationResource.required(body);
    new Violations()
        .text(wanted.streamId(), "/stream_id")
        .optionalText(wanted.state(), "/state", MAX_STATE)
        .throwIfAny();
    String id = String.valueOf(wanted.streamId());
    if (!streams.tell(request.tenant().org(), id, Signal.verification(id, wanted.state()))) {
      throw SignalStreamResource.unknown();
    }
  }

  private static SignalStream with(
      SignalStream old, SignalStream.Status status, @Nullable String reason) {
    return new SignalStream(
        old.id(),
        old.org(),
        old.actorId(),
        old.endpoint(),
        old.authorization(),
        old.requested(),
        old.description(),
        status,
        reason,
        old.createdAt());
  }
}
