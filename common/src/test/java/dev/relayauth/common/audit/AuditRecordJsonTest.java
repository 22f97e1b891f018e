package dev.relayauth.common.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.relayauth.common.event.AuditRecord;
import dev.relayauth.common.json.Json;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AuditRecordJsonTest {
  @Test
  void writesTheseBytesInThisOrder() {
    AuditRecord auditRecord =
        new AuditRecord(
            "aud_1",
            "scope.checked",
            "agent_1",
            "org_1",
            "ws_1",
            "stripe",
            "orders",
            AuditRecord.Result.denied,
            "user_1",
            List.of("user_1", "agent_1"),
            Map.of("inputs", "{\"identity\":\"é/\u0007\"}"),
            "10.0.0.1",
            "curl",
            "req_1",
            "0af7651916cd43dd8448eb211c80319c",
            "tok_1",
            Instant.parse("2026-03-04T10:30:00Z"));
    String time = auditRecord.timestamp().toString();
    assertThat(AuditRecordJson.write(auditRecord, time))
        .asString(UTF_8)
        .isEqualTo(
            """
            {"id":"aud_1","action":"scope.checked","identityId":"agent_1","orgId":"org_1",\
            "workspaceId":"ws_1","plane":"stripe","resource":"orders","result":"denied",\
            "sponsorId":"user_1","sponsorChain":["user_1","agent_1"],\
            "metadata":{"inputs":"{\\"identity\\":\\"é/\\u0007\\"}"},\
            "ip":"10.0.0.1","userAgent":"curl","requestId":"req_1",\
            "traceId":"0af7651916cd43dd8448eb211c80319c","tokenId":"tok_1",\
            "timestamp":"2026-03-04T10:30:00Z"}""");
  }

  @Test
  void writesWhatTheMapperWrites() throws Exception {
    AuditRecord full =
        new AuditRecord(
            "aud_1",
            "scope.checked",
            "agent_1",
            "org_1",
            "ws_1",
            "stripe",
            "orders",
            AuditRecord.Result.denied,
            "user_1",
            List.of("user_1", "agent_1"),
            Map.of("scope", "a:b:c", "quote", "\"é\u0007"),
            "10.0.0.1",
            "curl",
            "req_1",
            "0af7651916cd43dd8448eb211c80319c",
            "tok_1",
            Instant.parse("2026-03-04T10:30:00.123456789Z"));
    AuditRecord bare =
        new AuditRecord(
            "aud_2",
            "scope.checked",
            null,
            "org_1",
            null,
            null,
            null,
            AuditRecord.Result.allowed,
            null,
            List.of(),
            Map.of(),
            null,
            null,
            null,
            null,
            null,
            Instant.parse("2026-03-04T10:30:00Z"));
    for (AuditRecord each : List.of(full, bare)) {
      assertThat(Json.MAPPER.readTree(AuditRecordJson.write(each, each.timestamp().toString())))
          .isEqualTo(Json.MAPPER.readTree(Json.write(each)));
    }
  }
}
