package dev.relayauth.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.relayauth.audit.adapter.kafka.AuditConsumer;
import dev.relayauth.audit.domain.log.LogSink;
import dev.relayauth.audit.domain.log.LogSink.Span;
import dev.relayauth.common.event.AuditRecord;
import dev.relayauth.common.event.AuditRecord.Result;
import dev.relayauth.common.json.Json;
import dev.relayauth.common.outbox.Transactions;
import dev.relayauth.testing.LocalServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(
    value = LocalServers.class,
    initArgs = @ResourceArg(name = "service", value = "audit"))
class IngestTest {
  private final Fixture fixture = new Fixture();

  @Inject AuditConsumer consumer;
  @Inject LogSink sink;
  @Inject Transactions transactions;

  private long rows() {
    return transactions
        .read(
            tx ->
                tx.first(
                    "select count(*) from audit_record where org = ?",
                    row -> row.getLong(1),
                    fixture.org))
        .orElseThrow();
  }

  private long counted() {
    return transactions
        .read(
            tx ->
                tx.first(
                    "select coalesce(sum(count), 0)::bigint from action_count where org = ?",
                    row -> row.getLong(1),
                    fixture.org))
        .orElseThrow();
  }

  private long rows(String action) {
    return transactions
        .read(
            tx ->
                tx.first(
                    "select count(*) from audit_record where org = ? and action = ?",
                    row -> row.getLong(1),
                    fixture.org,
                    action))
        .orElseThrow();
  }

  @Test
  void aRecordThatIsProducedTwiceIsLoggedAndCountedOnce() {
    AuditRecord twice = fixture.entry("token.issued", Result.allowed, "agent_a");
    fixture.publish(twice);
    fixture.publish(twice);
    AuditRecord last = fixture.entry("token.issued", Result.allowed, "agent_a");
    fixture.publish(last);
    fixture.publish(twice);
    fixture.logged(fixture.entry("role.created", Result.allowed, null));

    assertThat(rows("token.issued")).isEqualTo(2);
    await().untilAsserted(() -> assertThat(counted()).isEqualTo(rows()));
  }

  @Test
  void nothingIsLostOrDoubledWhenTheConsumerRestarts() {
    List<AuditRecord> published = new ArrayList<>();
    for (int round = 0; round < 3; round++) {
      IntStream.range(0, 20)
          .mapToObj(i -> fixture.entry("token.refreshed", Result.allowed, "agent_a"))
          .forEach(
              entry -> {
                published.add(entry);
                fixture.publish(entry);
              });
      consumer.stop();
      AuditRecord meanwhile = fixture.entry("token.refreshed", Result.allowed, "agent_a");
      published.add(meanwhile);
      fixture.publish(meanwhile);
      consumer.start();
    }

    fixture.awaitLogged(published.getLast());

    assertThat(rows("token.refreshed")).isEqualTo(published.size());
    assertThat(fixture.ids(Map.of("action", "token.refreshed", "limit", 200)))
        .containsExactlyInAnyOrderElementsOf(published.stream().map(AuditRecord::id).toList());
  }

  @Test
  void aReaderThatIsBehindTheCommittedOffsetStoresNothing() {
    String topic = "test." + fixture.org;
    AuditRecord entry = fixture.entry("token.issued", Result.allowed, "agent_a");
    assertThat(sink.store(List.of(entry), List.of(new Span(topic, 0, 0, 10)))).isTrue();
    AuditRecord late = fixture.entry("token.issued", Result.allowed, "agent_a");

    boolean stored =
        sink.store(List.of(late), List.of(new Span(topic, 1, 0, 5), new Span(topic, 0, 5, 11)));

    assertThat(stored).isFalse();
    assertThat(sink.offset(topic, 0)).isEqualTo(OptionalLong.of(10));
    assertThat(sink.offset(topic, 1)).isEmpty();
    assertThat(rows("token.issued")).isEqualTo(1);
  }

  @Test
  void whatCannotBeReadGoesToTheDeadLettersAndHoldsNothingUp() {
    byte[] nonsense = ("{\"nonsense\":\"" + fixture.org + "\"}").getBytes(UTF_8);
    byte[] broken = ("not json " + fixture.org).getBytes(UTF_8);
    fixture.publish(fixture.org, nonsense);
    fixture.publish(fixture.org, broken);
    fixture.publish(fixture.org, null);
    AuditRecord good = fixture.entry("role.created", Result.allowed, "agent_a");
    fixture.publish(fixture.org, Json.write(atTime(good, Instant.now().plus(Duration.ofDays(9)))));

    fixture.logged(good);

    assertThat(deadLetters()).hasSize(4);
    assertThat(rows("role.created")).isEqualTo(1);
  }

  @Test
  void aNulCharacterIsLeftOutAndTheRecordStays() {
    AuditRecord base = fixture.entry("role.updated", Result.allowed, "agent_a");

    AuditRecord entry = fixture.logged(fixture.with(base, Map.of("name", "a\0b"), "user_\0x"));

    String name = fixture.auditor().get("/v1/audit/" + entry.id()).path("metadata.name");
    assertThat(name).isEqualTo("ab");
  }

  @Test
  void aRecordOfAnEarlierDayFindsItsPartition() {
    AuditRecord old =
        atTime(
            fixture.entry("role.deleted", Result.allowed, "agent_a"),
            Fixture.NOON.minus(Duration.ofDays(40)));

    fixture.logged(old);

    assertThat(rows("role.deleted")).isEqualTo(1);
  }

  private static AuditRecord atTime(AuditRecord base, Instant timestamp) {
    return new AuditRecord(
        base.id(),
        base.action(),
        base.identityId(),
        base.orgId(),
        base.workspaceId(),
        base.plane(),
        base.resource(),
        base.result(),
        base.sponsorId(),
        base.sponsorChain(),
        base.metadata(),
        base.ip(),
        base.userAgent(),
        base.requestId(),
        base.traceId(),
        base.tokenId(),
        timestamp);
  }

  private List<ConsumerRecord<String, byte[]>> deadLetters() {
    try (KafkaConsumer<String, byte[]> reader =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", fixture.world.bootstrap()),
            new StringDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partition = List.of(new TopicPartition("relayauth.dead-letter.v1", 0));
      reader.assign(partition);
      reader.seekToBeginning(partition);
      List<ConsumerRecord<String, byte[]>> mine = new ArrayList<>();
      long end = reader.endOffsets(partition).values().iterator().next();
      while (reader.position(partition.getFirst()) < end) {
        reader.poll(Duration.ofMillis(100)).forEach(mine::add);
      }
      return mine.stream().filter(letter -> fixture.org.equals(letter.key())).toList();
    }
  }
}
