package dev.relayauth.common.outbox;

import dev.relayauth.common.event.KafkaEvents;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Publishes batches in Kafka transactions. The transactions fence an earlier publisher of the same
 * id; they hold no authority of their own.
 */
final class EventPublisher implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 5_000;

  private final KafkaProducer<String, byte[]> producer;

  EventPublisher(Map<String, Object> kafka, String transactionalId) {
    Map<String, Object> settings = new HashMap<>(kafka);
    settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
    settings.put(ProducerConfig.CLIENT_ID_CONFIG, transactionalId);
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 8L << 20);
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, TIMEOUT_MILLIS);
    settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
    settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 2 * TIMEOUT_MILLIS);
    settings.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 2 * TIMEOUT_MILLIS);
    settings.put(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500);
    // The broker may still be ending the transaction before this one, for some milliseconds.
    settings.put(ProducerConfig.RETRY_BACKOFF_MS_CONFIG, 5);
    settings.put(ProducerConfig.RETRY_BACKOFF_MAX_MS_CONFIG, 500);
    producer = new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
    try {
      producer.initTransactions();
    } catch (KafkaException e) {
      producer.close(Duration.ZERO);
      throw e;
    }
  }

  /**
   * Publishes all of them, in order, or throws; after a failure this publisher is of no more use.
   */
  void publish(List<OutboxRows.Row> rows) {
    producer.beginTransaction();
    for (OutboxRows.Row row : rows) {
      producer.send(KafkaEvents.toRecord(row.topic(), row.event()));
    }
    producer.commitTransaction();
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(2));
  }
}
