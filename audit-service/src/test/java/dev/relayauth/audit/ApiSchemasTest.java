package dev.relayauth.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.relayauth.testing.ApiSchemas;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The OpenAPI document says of answers and requests what is written and read here. */
class ApiSchemasTest {
  private static final ApiSchemas SCHEMAS = ApiSchemas.of(ApiSchemasTest.class);

  @ParameterizedTest
  @CsvSource({
    "ActivityActivity, adapter.http.ActivityResource$Activity",
    "AuditEntry, adapter.http.EntryView",
    "AuditEpoch, adapter.http.EpochResource$View",
    "AuditLogPage, adapter.http.LogPage",
    "Checkpoint, adapter.http.EvidenceResource$CheckpointView",
    "DeadLetterOutcome, adapter.kafka.DeadLetterReplay$Outcome",
    "ErasureErased, adapter.http.ErasureResource$Erased",
    "EvidenceConsistency, adapter.http.EvidenceResource$Consistency",
    "Proof, adapter.http.ProofView",
    "StatsStatistics, domain.statistics.Statistics",
    "SubAgent, domain.activity.SubAgent",
    "Webhook, adapter.http.WebhookResource$WebhookView",
    "WebhookDelivery, domain.webhook.Delivery"
  })
  void describesWhatIsAnswered(String schema, String written) {
    assertThat(SCHEMAS.faultsOfAnswer(schema, written)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "ErasureOrder, adapter.http.ErasureResource$Order",
    "ExportExport, adapter.http.ExportResource$Export",
    "WebhookRequest, adapter.http.WebhookBody"
  })
  void describesWhatIsRead(String schema, String read) {
    assertThat(SCHEMAS.faultsOfRequest(schema, read)).isEmpty();
  }
}
