package dev.relayauth.audit.verify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.relayauth.audit.domain.tree.LeafContent;
import dev.relayauth.audit.domain.tree.TreeHasher;
import dev.relayauth.common.event.AuditRecord;
import dev.relayauth.common.json.Json;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A line of a verifiable export. */
sealed interface ExportLine {
  /**
   * An entry.
   *
   * @param hash of its leaf; null when its salt is gone
   */
  record Entry(
      String id,
      String action,
      long leafIndex,
      byte @Nullable [] hash,
      boolean erased,
      Map<String, String> metadata)
      implements ExportLine {}

  /** Hashes of neighbouring leaves. */
  record Hashes(long first, byte[] hashes) implements ExportLine {}

  /** The export's own checkpoint. */
  record Checkpoint(String note, String verifierKey) implements ExportLine {}

  /** Reads lines. For one thread. */
  final class Reader {
    private static final ObjectMapper MAPPER = Json.MAPPER;

    private final TreeHasher hasher = new TreeHasher();

    /**
     * Reads a line.
     *
     * @throws JsonProcessingException when it is none of ours
     */
    ExportLine read(String line) throws JsonProcessingException {
      JsonNode json = MAPPER.readTree(line);
      JsonNode hashes = json.get("leafHashes");
      if (hashes != null) {
        return new Hashes(hashes.path("first").asLong(-1), base64(hashes.path("hashes").asText()));
      }
      if (json.has("checkpoint")) {
        return new Checkpoint(json.get("checkpoint").asText(), json.path("verifierKey").asText());
      }
      return entry(json);
    }

    private Entry entry(JsonNode json) throws JsonProcessingException {
      AuditRecord content = MAPPER.treeToValue(json, AuditRecord.class);
      JsonNode salt = json.get("leafSalt");
      return new Entry(
          content.id(),
          content.action(),
          json.path("leafIndex").asLong(-1),
          salt == null ? null : hasher.leaf(base64(salt.asText()), LeafContent.of(content)),
          json.path("erased").asBoolean(false),
          content.metadata());
    }

    private static byte[] base64(String text) {
      return Base64.getDecoder().decode(text);
    }
  }
}
