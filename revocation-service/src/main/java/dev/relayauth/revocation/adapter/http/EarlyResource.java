package dev.relayauth.revocation.adapter.http;

import dev.relayauth.common.credential.EarlyRevocations;
import dev.relayauth.common.event.RevocationState;
import dev.relayauth.common.http.Internal;
import dev.relayauth.common.json.Json;
import dev.relayauth.revocation.adapter.postgres.PostgresChanges;
import dev.relayauth.revocation.domain.feed.Change;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.MultiEmitter;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Tells our own verifiers of entries at their commit, ahead of the topic. A verifier that is too
 * slow is let go; it loses nothing, since the topic brings everything.
 */
@Path("/internal/v1/revocations/early")
public final class EarlyResource {
  private static final int BUFFER = 4_096;

  /** Keeps the connection from being taken for idle. */
  private static final Duration BREATH = Duration.ofSeconds(15);

  private final PostgresChanges changes;
  private volatile @Nullable Text last;

  /** What all verifiers are told at once. */
  private record Text(List<Change> changes, String lines) {}

  EarlyResource(PostgresChanges changes) {
    this.changes = changes;
  }

  /** Entries as they are committed, from now on. */
  @GET
  @Internal
  @Produces(MediaType.SERVER_SENT_EVENTS)
  public Multi<OutboundSseEvent> follow(@Context Sse sse) {
    OutboundSseEvent breath = sse.newEventBuilder().comment("").build();
    Multi<OutboundSseEvent> entries =
        Multi.createFrom().emitter(emitter -> follow(sse, emitter), BUFFER);
    Multi<OutboundSseEvent> breaths =
        Multi.createFrom().ticks().every(BREATH).onOverflow().drop().map(tick -> breath);
    return Multi.createBy().merging().streams(Multi.createFrom().item(breath), breaths, entries);
  }

  private void follow(Sse sse, MultiEmitter<? super OutboundSseEvent> emitter) {
    Runnable entries =
        changes.followFirst(
            told -> {
              String lines = text(told);
              if (!lines.isEmpty()) {
                emitter.emit(sse.newEvent(lines));
              }
            });
    Runnable awaited =
        changes.followAwaited(
            seq -> emitter.emit(sse.newEvent(EarlyRevocations.AWAITED, Long.toString(seq))));
    emitter.onTermination(
        () -> {
          entries.run();
          awaited.run();
        });
  }

  /** Entries that come together leave as one event of a line each, written once for everybody. */
  private String text(List<Change> told) {
    Text known = last;
    if (known != null && known.changes() == told) {
      return known.lines();
    }
    String lines =
        told.stream()
            .filter(change -> !change.gone())
            .map(EarlyResource::line)
            .collect(Collectors.joining("\n"));
    last = new Text(told, lines);
    return lines;
  }

  private static String line(Change change) {
    RevocationState state =
        new RevocationState(
            change.revocationId(),
            change.target().org(),
            change.target().kind().wireName(),
            change.target().id(),
            change.closed(),
            null,
            null,
            change.expiresAt(),
            change.expiresAt(),
            change.seq());
    return new String(Json.write(state), StandardCharsets.UTF_8);
  }
}
