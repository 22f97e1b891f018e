package dev.relayauth.revocation.adapter.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.relayauth.common.event.Topics;
import dev.relayauth.common.outbox.FeedHeads;
import dev.relayauth.revocation.adapter.postgres.SnapshotRows;
import dev.relayauth.revocation.domain.feed.Change;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes what is in force for an organisation, page by page: however large it is and however slowly
 * it is read, it holds neither a connection nor much memory.
 */
@Singleton
final class Snapshots {
  private static final int PAGE = 2_000;
  private static final JsonFactory JSON = new JsonFactory();

  private final FeedHeads heads;
  private final SnapshotRows rows;

  Snapshots(FeedHeads heads, SnapshotRows rows) {
    this.heads = heads;
    this.rows = rows;
  }

  /** Changes whenever the answer may. */
  String tag(String org, @Nullable Long since) {
    return "\"%d%s\"".formatted(rows.lastChange(org), since == null ? "" : "-" + since);
  }

  /**
   * Writes {@code {head, complete, since?, entries, removed}}. The head is read first: what is
   * committed meanwhile may be in the entries, and comes again after the head.
   *
   * @param since only what changed after it, as far as that is still known
   */
  void write(String org, @Nullable Long since, OutputStream out) throws IOException {
    long head = heads.read(Topics.REVOCATION);
    boolean delta = since != null && since >= rows.floor() && since <= head;
    long from = delta && since != null ? since : 0;
    JsonGenerator json = JSON.createGenerator(out);
    json.writeStartObject();
    json.writeNumberField("head", head);
    json.writeBooleanField("complete", !delta);
    if (delta) {
      json.writeNumberField("since", from);
    }
    json.writeArrayFieldStart("entries");
    writeAll(json, from, (place, limit) -> rows.entries("", place, limit));
    writeAll(json, from, (place, limit) -> rows.entries(org, place, limit));
    json.writeEndArray();
    json.writeArrayFieldStart("removed");
    if (delta) {
      writeAll(json, from, (place, limit) -> rows.removed(org, place, limit));
    }
    json.writeEndArray();
    json.writeEndObject();
    json.close();
  }

  /** What comes after a place, at most so many. */
  private interface Pages {
    List<Change> after(long place, int limit);
  }

  private static void writeAll(JsonGenerator json, long from, Pages pages) throws IOException {
    long after = from;
    List<Change> page;
    do {
      page = pages.after(after, PAGE);
      for (Change change : page) {
        write(json, change);
        after = change.seq();
      }
    } while (page.size() == PAGE);
  }

  private static void write(JsonGenerator json, Change entry) throws IOException {
    json.writeStartObject();
    json.writeStringField("type", entry.target().kind().wireName());
    json.writeStringField("targetId", entry.target().id());
    if (!entry.target().org().isEmpty()) {
      json.writeStringField("orgId", entry.target().org());
    }
    json.writeBooleanField("closed", entry.closed());
    json.writeStringField("expiresAt", entry.expiresAt().toString());
    json.writeNumberField("sequence", entry.seq());
    json.writeEndObject();
  }
}
