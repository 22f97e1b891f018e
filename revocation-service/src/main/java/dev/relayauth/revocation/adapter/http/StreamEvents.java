package dev.relayauth.revocation.adapter.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.relayauth.common.json.Json;
import dev.relayauth.revocation.domain.feed.Change;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The events of one stream: each change names the place of the one before it. */
final class StreamEvents {
  private final Sse sse;
  private final ChangeTexts texts;
  private long place;

  StreamEvents(Sse sse, ChangeTexts texts) {
    this.sse = sse;
    this.texts = texts;
  }

  /** How far the feed is. */
  record Place(long head) {}

  /**
   * A change.
   *
   * @param orgId missing for a signing key
   * @param previous the id of the change before it, or of {@code ready} or {@code reset}
   */
  record Changed(
      String change,
      String id,
      @Nullable String orgId,
      String type,
      String targetId,
      boolean closed,
      Instant expiresAt,
      long sequence,
      long previous) {
    static Changed of(Change change, long previous) {
      String org = change.target().org();
      return new Changed(
          change.gone() ? "removed" : "revoked",
          change.revocationId(),
          org.isEmpty() ? null : org,
          change.target().kind().wireName(),
          change.target().id(),
          change.closed(),
          change.expiresAt(),
          change.seq(),
          previous);
    }
  }

  /** The stream begins, or goes on, after that place. */
  OutboundSseEvent ready(long at) {
    return at("ready", at);
  }

  /** What changed before that place can't be told: load a snapshot. */
  OutboundSseEvent reset(long at) {
    return at("reset", at);
  }

  /** Everything up to {@code head} has been told. */
  OutboundSseEvent heartbeat(long head) {
    return event("heartbeat", json(new Place(head))).build();
  }

  /** A change. */
  OutboundSseEvent change(Change change) {
    String text = texts.of(change, place);
    place = change.seq();
    return event("revocation", text).id(Long.toString(place)).build();
  }

  private OutboundSseEvent at(String name, long at) {
    place = at;
    return event(name, json(new Place(at))).id(Long.toString(at)).build();
  }

  private OutboundSseEvent.Builder event(String name, String data) {
    return sse.newEventBuilder().name(name).data(data);
  }

  private static String json(Object data) {
    return new String(Json.write(data), UTF_8);
  }
}
