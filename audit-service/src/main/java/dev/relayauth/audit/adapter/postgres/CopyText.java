package dev.relayauth.audit.adapter.postgres;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.relayauth.common.event.AuditRecord;
import dev.relayauth.common.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rows in the text form of COPY (PostgreSQL manual, COPY, "Text Format"). NUL, which PostgreSQL
 * can't hold, is left out.
 */
final class CopyText {
  /** The columns, in the order of {@link #append}. */
  static final String COLUMNS =
      "id, org, action, identity_id, workspace_id, plane, resource, result, sponsor_id,"
          + " sponsor_chain, metadata, ip, user_agent, request_id, trace_id, token_id, timestamp";

  private static final int ROW = 512;

  private final StringBuilder text;

  private CopyText(int rows) {
    text = new StringBuilder(rows * ROW);
  }

  static byte[] of(List<AuditRecord> records) {
    CopyText copy = new CopyText(records.size());
    records.forEach(copy::append);
    return copy.text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private void append(AuditRecord row) {
    field(row.id()).field(row.orgId()).field(row.action()).field(row.identityId());
    field(row.workspaceId()).field(row.plane()).field(row.resource()).field(row.result().name());
    field(row.sponsorId()).field(array(row.sponsorChain())).field(json(row.metadata()));
    field(row.ip()).field(row.userAgent()).field(row.requestId()).field(row.traceId());
    field(row.tokenId()).field(row.timestamp().toString());
    text.setCharAt(text.length() - 1, '\n');
  }

  private CopyText field(@Nullable String value) {
    if (value == null) {
      text.append("\\N");
    } else {
      escape(value);
    }
    text.append('\t');
    return this;
  }

  private void escape(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '\0' -> {}
        case '\\' -> text.append("\\\\");
        case '\t' -> text.append("\\t");
        case '\n' -> text.append("\\n");
        case '\r' -> text.append("\\r");
        default -> text.append(c);
      }
    }
  }

  private static String array(List<String> values) {
    StringBuilder array = new StringBuilder("{");
    for (String value : values) {
      array.append(array.length() > 1 ? "," : "").append('"');
      array.append(value.replace("\\", "\\\\").replace("\"", "\\\"")).append('"');
    }
    return array.append('}').toString();
  }

  private static String json(Map<String, String> metadata) {
    try {
      return Json.MAPPER.writeValueAsString(withoutNul(metadata));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("strings that are not JSON", e);
    }
  }

  private static Map<String, String> withoutNul(Map<String, String> metadata) {
    boolean clean =
        metadata.entrySet().stream()
            .noneMatch(e -> e.getKey().indexOf('\0') >= 0 || e.getValue().indexOf('\0') >= 0);
    if (clean) {
      return metadata;
    }
    Map<String, String> cleaned = new HashMap<>();
    metadata.forEach((key, value) -> cleaned.put(key.replace("\0", ""), value.replace("\0", "")));
    return cleaned;
  }
}
