package dev.relayauth.audit.adapter.postgres;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import dev.relayauth.audit.domain.log.AuditEntry;
import dev.relayauth.common.event.AuditRecord;
import dev.relayauth.common.json.Json;
import dev.relayauth.common.outbox.Rows;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;

/** How rows become entries. */
final class AuditRows {
  private static final TypeReference<Map<String, String>> STRINGS = new TypeReference<>() {};

  private AuditRows() {}

  static AuditEntry read(ResultSet row) throws SQLException {
    AuditRecord content =
        new AuditRecord(
            row.getString("id"),
            row.getString("action"),
            row.getString("identity_id"),
            row.getString("org"),
            row.getString("workspace_id"),
            row.getString("plane"),
            row.getString("resource"),
            AuditRecord.Result.valueOf(row.getString("result")),
            row.getString("sponsor_id"),
            Rows.strings(row, "sponsor_chain"),
            metadata(row),
            row.getString("ip"),
            row.getString("user_agent"),
            row.getString("request_id"),
            row.getString("trace_id"),
            row.getString("token_id"),
            Rows.instant(row, "timestamp"));
    return new AuditEntry(
        content,
        Rows.instant(row, "created_at"),
        new AuditEntry.Leaf(
            row.getLong("leaf_index"), row.getBytes("leaf_salt"), row.getBoolean("erased")));
  }

  private static Map<String, String> metadata(ResultSet row) throws SQLException {
    try {
      return Json.MAPPER.readValue(row.getString("metadata"), STRINGS);
    } catch (JsonProcessingException e) {
      throw new SQLException("metadata that is no object of strings", e);
    }
  }
}
