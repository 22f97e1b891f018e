package dev.relayauth.sdk.verify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.relayauth.common.revocation.RevocationEntry;
import dev.relayauth.common.revocation.RevocationKind;
import java.io.IOException;
import java.time.Instant;

/** What RelayAuth's revocation feeds say, read. */
final class FeedMessages {
  private static final ObjectMapper JSON = new ObjectMapper();

  private FeedMessages() {}

  static JsonNode read(byte[] text) throws IOException {
    return JSON.readTree(text);
  }

  static JsonNode read(String text) throws IOException {
    return JSON.readTree(text);
  }

  /**
   * An entry of a stream or snapshot.
   *
   * @throws IOException when it can't be read: then nobody can know what it would have killed
   */
  static RevocationEntry entry(JsonNode state) throws IOException {
    RevocationKind kind =
        RevocationKind.ofWireName(state.path("type").asText())
            .orElseThrow(() -> new IOException("a revocation of an unknown kind"));
    try {
      return new RevocationEntry(
          kind == RevocationKind.KEY ? "" : state.path("orgId").asText(),
          kind,
          state.path("targetId").asText(),
          state.path("sequence").asLong(),
          state.path("closed").asBoolean(),
          Instant.parse(state.path("expiresAt").asText()));
    } catch (RuntimeException e) {
      throw new IOException("a revocation that can't be read", e);
    }
  }
}
