package dev.relayauth.common.audit;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import dev.relayauth.common.event.AuditRecord;
import dev.relayauth.common.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes audit records, member by member: one leaves with each decision. */
final class AuditRecordJson {
  private static final int TYPICAL_BYTES = 1024;

  private AuditRecordJson() {}

  /**
   * The same JSON value that {@link Json#write} makes.
   *
   * @param timestamp of the record, as text
   */
  static byte[] write(AuditRecord auditRecord, String timestamp) {
    try (ByteArrayBuilder bytes = new ByteArrayBuilder(TYPICAL_BYTES);
        JsonGenerator json = Json.MAPPER.getFactory().createGenerator(bytes)) {
      json.writeStartObject();
      describe(json, auditRecord);
      trace(json, auditRecord);
      json.writeStringField("timestamp", timestamp);
      json.writeEndObject();
      json.flush();
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void describe(JsonGenerator json, AuditRecord auditRecord) throws IOException {
    json.writeStringField("id", auditRecord.id());
    json.writeStringField("action", auditRecord.action());
    text(json, "identityId", auditRecord.identityId());
    json.writeStringField("orgId", auditRecord.orgId());
    text(json, "workspaceId", auditRecord.workspaceId());
    text(json, "plane", auditRecord.plane());
    text(json, "resource", auditRecord.resource());
    json.writeStringField("result", auditRecord.result().name());
    text(json, "sponsorId", auditRecord.sponsorId());
    json.writeArrayFieldStart("sponsorChain");
    for (String id : auditRecord.sponsorChain()) {
      json.writeString(id);
    }
    json.writeEndArray();
    json.writeObjectFieldStart("metadata");
    for (Map.Entry<String, String> member : auditRecord.metadata().entrySet()) {
      json.writeStringField(member.getKey(), member.getValue());
    }
    json.writeEndObject();
  }

  private static void trace(JsonGenerator json, AuditRecord auditRecord) throws IOException {
    text(json, "ip", auditRecord.ip());
    text(json, "userAgent", auditRecord.userAgent());
    text(json, "requestId", auditRecord.requestId());
    text(json, "traceId", auditRecord.traceId());
    text(json, "tokenId", auditRecord.tokenId());
  }

  private static void text(JsonGenerator json, String name, @Nullable String value)
      throws IOException {
    if (value != null) {
      json.writeStringField(name, value);
    }
  }
}
