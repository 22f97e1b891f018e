package dev.relayauth.common.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Test;

class KafkaEventsTest {
  private static final CloudEvent EVENT =
      new CloudEvent(
          "aud_1",
          "policy/node-1",
          "dev.relayauth.scope.checked.v1",
          "agent_é",
          "org_1",
          Instant.parse("2026-03-04T10:30:00.120Z"),
          7,
          "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
          new byte[] {1, 2});

  @Test
  void writesTheseHeadersInThisOrder() {
    ProducerRecord<String, byte[]> message = KafkaEvents.toRecord(Topics.AUDIT, EVENT);
    List<String> headers = new ArrayList<>();
    for (Header header : message.headers()) {
      headers.add(header.key() + "=" + new String(header.value(), UTF_8));
    }
    assertThat(headers)
        .containsExactly(
            "ce_specversion=1.0",
            "ce_id=aud_1",
            "ce_source=policy/node-1",
            "ce_type=dev.relayauth.scope.checked.v1",
            "ce_subject=agent_é",
            "ce_time=2026-03-04T10:30:00.120Z",
            "ce_sequence=7",
            "ce_traceparent=00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "content-type=application/json");
    assertThat(message.key()).isEqualTo("org_1");
    assertThat(message.value()).containsExactly(1, 2);
  }
}
