package dev.relayauth.common.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.relayauth.common.event.AuditEpoch;
import dev.relayauth.common.event.AuditEpoch.Phase;
import dev.relayauth.common.event.CloudEvent;
import dev.relayauth.common.json.Json;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;

final class EmitterEpochTest {
  private static final Instant START = Instant.parse("2026-01-31T12:00:00Z");

  private final EmitterEpoch epoch =
      new EmitterEpoch(AuditEmitterTest.config(), InstantSource.fixed(START));

  @Test
  void whatIsRefusedLeavesNoGap() {
    List<Long> numbers = new ArrayList<>();

    assertThat(epoch.take(numbers::add)).isTrue();
    assertThat(epoch.take(number -> false)).isFalse();
    assertThatThrownBy(() -> epoch.take(EmitterEpochTest::failing))
        .isInstanceOf(KafkaException.class);
    assertThat(epoch.take(numbers::add)).isTrue();
    assertThat(epoch.take(numbers::add)).isTrue();

    assertThat(numbers).containsExactly(1L, 2L, 3L);
  }

  @Test
  void saysHowManyWereTakenAndTakesNoMoreOnceItIsClosed() {
    epoch.take(number -> true);
    epoch.take(number -> false);

    CloudEvent closing = epoch.event(Phase.closed);

    assertThat(closing.type()).isEqualTo("dev.relayauth.audit-epoch.closed.v1");
    assertThat(closing.sequence()).isEqualTo(1);
    assertThat(closing.source()).isEqualTo("/relayauth/policy/policy-1/" + START.toEpochMilli());
    assertThat(Json.read(closing.data(), AuditEpoch.class))
        .isEqualTo(new AuditEpoch(epoch.source(), "policy", "policy-1", START, 1));
    assertThatThrownBy(() -> epoch.take(number -> true)).isInstanceOf(KafkaException.class);
    assertThat(epoch.event(Phase.counted).sequence()).isEqualTo(1);
  }

  private static boolean failing(long number) {
    throw new KafkaException("full");
  }
}
