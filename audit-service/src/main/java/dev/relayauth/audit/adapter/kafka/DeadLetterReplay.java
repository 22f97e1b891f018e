package dev.relayauth.audit.adapter.kafka;

import dev.relayauth.common.event.Topics;
import io.smallrye.common.annotation.Identifier;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Sends dead letters that can be read by now to the audit topic again. All of the topic each time:
 * what the log has already, it leaves as it is.
 */
@Singleton
public final class DeadLetterReplay {
  private static final Duration POLL = Duration.ofMillis(200);
  private static final int TIMEOUT_MILLIS = 5_000;

  private final Map<String, Object> kafka;
  private final RecordReader reader;

  DeadLetterReplay(
      @Identifier("default-kafka-broker") Map<String, Object> kafka, RecordReader reader) {
    this.kafka = Map.copyOf(kafka);
    this.reader = reader;
  }

  /** How many were sent again, and how many still can't be read. */
  public record Outcome(int replayed, int unreadable) {}

  /** Replays; blocking. Throws when the broker is away. */
  public Outcome run() {
    try (KafkaConsumer<String, byte[]> letters =
            new KafkaConsumer<>(
                consumerSettings(), new StringDeserializer(), new ByteArrayDeserializer());
        KafkaProducer<String, byte[]> producer =
            new KafkaProducer<>(
                producerSettings(), new StringSerializer(), new ByteArraySerializer())) {
      return replay(letters, producer);
    }
  }

  private Outcome replay(
      KafkaConsumer<String, byte[]> letters, KafkaProducer<String, byte[]> producer) {
    List<TopicPartition> partitions = assign(letters);
    Map<TopicPartition, Long> ends = letters.endOffsets(partitions);
    int replayed = 0;
    int unreadable = 0;
    while (ends.entrySet().stream().anyMatch(e -> letters.position(e.getKey()) < e.getValue())) {
      List<java.util.concurrent.Future<RecordMetadata>> sent = new ArrayList<>();
      for (ConsumerRecord<String, byte[]> letter : letters.poll(POLL)) {
        if (reader.read(letter) instanceof RecordReader.Outcome.Unreadable) {
          unreadable++;
        } else {
          sent.add(producer.send(again(letter)));
        }
      }
      sent.forEach(DeadLetterReplay::await);
      replayed += sent.size();
    }
    return new Outcome(replayed, unreadable);
  }

  private static ProducerRecord<String, byte[]> again(ConsumerRecord<String, byte[]> letter) {
    ProducerRecord<String, byte[]> message =
        new ProducerRecord<>(Topics.AUDIT, letter.key(), letter.value());
    letter
        .headers()
        .forEach(
            header -> {
              if (!header.key().startsWith("dead_letter_")) {
                message.headers().add(header);
              }
            });
    return message;
  }

  private static List<TopicPartition> assign(KafkaConsumer<String, byte[]> letters) {
    List<TopicPartition> partitions =
        Optional.ofNullable(letters.partitionsFor(Topics.DEAD_LETTER)).orElse(List.of()).stream()
            .map((PartitionInfo part) -> new TopicPartition(part.topic(), part.partition()))
            .toList();
    letters.assign(partitions);
    letters.seekToBeginning(partitions);
    return partitions;
  }

  private static void await(java.util.concurrent.Future<RecordMetadata> sent) {
    try {
      sent.get();
    } catch (ExecutionException e) {
      throw new KafkaException("a dead letter was not taken", e.getCause());
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  private Map<String, Object> consumerSettings() {
    Map<String, Object> settings = new HashMap<>(kafka);
    settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    settings.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
    settings.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
    return settings;
  }

  private Map<String, Object> producerSettings() {
    Map<String, Object> settings = new HashMap<>(kafka);
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, TIMEOUT_MILLIS);
    settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
    settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 2 * TIMEOUT_MILLIS);
    return settings;
  }
}
