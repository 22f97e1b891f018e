package dev.relayauth.sdk.verify;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.relayauth.common.revocation.RevocationEntry;
import dev.relayauth.common.revocation.RevocationKind;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What RelayAuth's revocation feeds say, read. Whatever else answers in their place, such as a
 * sign-in page or a gateway's error, is refused: it proves nothing.
 */
final class FeedMessages {
  private static final ObjectReader JSON =
      JsonMapper.builder()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build()
          .reader();

  private FeedMessages() {}

  /**
   * What is in force, or what changed since the place that was asked for.
   *
   * @param complete what is not in the entries is not in force
   */
  record Snapshot(
      long head, boolean complete, List<RevocationEntry> entries, List<RevocationEntry> removed) {}

  /** A change as it is committed. */
  record Change(RevocationEntry entry, boolean removed) {}

  /**
   * The answer to a request for a snapshot, or for what changed since a place.
   *
   * @throws IOException when it is anything else
   */
  static Snapshot snapshot(byte[] text, @Nullable Long since) throws IOException {
    JsonNode read = JSON.readTree(text);
    long head = number(read, "head");
    boolean complete = bool(read, "complete");
    if (!complete && (since == null || number(read, "since") != since || head < since)) {
      throw new IOException("a delta since another place than the one asked for");
    }
    return new Snapshot(head, complete, entries(read, "entries"), entries(read, "removed"));
  }

  /**
   * An event of the stream.
   *
   * @throws IOException when it can't be read: then nobody can know what it would have killed
   */
  static Change change(String text) throws IOException {
    JsonNode read = JSON.readTree(text);
    String change = word(read, "change");
    if (!change.equals("revoked") && !change.equals("removed")) {
      throw new IOException("a change of an unknown kind");
    }
    return new Change(entry(read), change.equals("removed"));
  }

  private static List<RevocationEntry> entries(JsonNode read, String name) throws IOException {
    List<RevocationEntry> entries = new ArrayList<>();
    for (JsonNode each : member(read, name, read.path(name).isArray())) {
      entries.add(entry(each));
    }
    return entries;
  }

  private static RevocationEntry entry(JsonNode state) throws IOException {
    RevocationKind kind =
        RevocationKind.ofWireName(word(state, "type"))
            .orElseThrow(() -> new IOException("a revocation of an unknown kind"));
    try {
      return new RevocationEntry(
          kind == RevocationKind.KEY ? "" : word(state, "orgId"),
          kind,
          word(state, "targetId"),
          number(state, "sequence"),
          bool(state, "closed"),
          Instant.parse(word(state, "expiresAt")));
    } catch (RuntimeException e) {
      throw new IOException("a revocation that can't be read", e);
    }
  }

  private static String word(JsonNode read, String name) throws IOException {
    return member(read, name, read.path(name).isTextual()).textValue();
  }

  private static boolean bool(JsonNode read, String name) throws IOException {
    return member(read, name, read.path(name).isBoolean()).booleanValue();
  }

  private static long number(JsonNode read, String name) throws IOException {
    JsonNode value = read.path(name);
    return member(read, name, value.isIntegralNumber() && value.canConvertToLong()).longValue();
  }

  private static JsonNode member(JsonNode read, String name, boolean good) throws IOException {
    if (!good) {
      throw new IOException("a message of the feed without a good member " + name);
    }
    return read.path(name);
  }
}
