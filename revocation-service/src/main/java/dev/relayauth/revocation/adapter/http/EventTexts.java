package dev.relayauth.revocation.adapter.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.relayauth.common.json.Json;
import dev.relayauth.revocation.domain.feed.Change;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The events of a stream as they are sent; each change names the place of the one before it. */
final class EventTexts {
  private EventTexts() {}

  /** How far the feed is. */
  private record Place(long head) {}

  /**
   * A change.
   *
   * @param orgId missing for a signing key
   * @param previous the id of the change before it, or of {@code ready} or {@code reset}
   */
  private record Changed(
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

  /** The stream begins, or goes on, after that place; {@code reset}: a snapshot must be loaded. */
  static Buffer at(String name, long place) {
    return event(Buffer.buffer(), name, place, new Place(place));
  }

  /** Everything up to {@code head} has been told. */
  static Buffer heartbeat(long head) {
    return event(Buffer.buffer(), "heartbeat", null, new Place(head));
  }

  /** Changes in their order, the first of which comes after the one at {@code previous}. */
  static Buffer changes(List<Change> changes, long previous) {
    Buffer events = Buffer.buffer();
    long before = previous;
    for (Change change : changes) {
      event(events, "revocation", change.seq(), Changed.of(change, before));
      before = change.seq();
    }
    return events;
  }

  private static Buffer event(Buffer to, String name, @Nullable Long id, Object data) {
    to.appendString("event:").appendString(name).appendByte((byte) '\n');
    if (id != null) {
      to.appendString("id:").appendString(id.toString()).appendByte((byte) '\n');
    }
    return to.appendString("data:")
        .appendString(new String(Json.write(data), UTF_8))
        .appendString("\n\n");
  }
}
