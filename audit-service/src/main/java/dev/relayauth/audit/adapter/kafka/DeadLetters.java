package dev.relayauth.audit.adapter.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.relayauth.common.config.RelayAuthConfig;
import dev.relayauth.common.event.Topics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jboss.logging.Logger;

/** Puts aside what can't be stored, as it came, with where it came from and why. */
@Singleton
final class DeadLetters {
  private static final Logger LOG = Logger.getLogger(DeadLetters.class);
  private static final int TIMEOUT_MILLIS = 5_000;

  private final KafkaProducer<String, byte[]> producer;
  private final Counter count;

  DeadLetters(
      RelayAuthConfig config,
      @Identifier("default-kafka-broker") Map<String, Object> kafka,
      MeterRegistry metrics) {
    Map<String, Object> settings = new HashMap<>(kafka);
    settings.put(ProducerConfig.CLIENT_ID_CONFIG, "relayauth-" + config.node() + "-dead-letter");
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, TIMEOUT_MILLIS);
    settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
    settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 2 * TIMEOUT_MILLIS);
    producer = new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
    count = metrics.counter("relayauth.audit.dead.letters");
  }

  void stop(@Observes ShutdownEvent event) {
    producer.close(Duration.ofSeconds(2));
  }

  /** Returns once the broker has it; at least once. */
  void put(ConsumerRecord<String, byte[]> message, String reason) {
    LOG.warnf(
        "%s-%d offset %d goes to the dead letters: %s",
        message.topic(), message.partition(), message.offset(), reason);
    ProducerRecord<String, byte[]> letter =
        new ProducerRecord<>(Topics.DEAD_LETTER, message.key(), message.value());
    message.headers().forEach(header -> letter.headers().add(header));
    put(letter.headers(), "dead_letter_topic", message.topic());
    put(letter.headers(), "dead_letter_partition", Integer.toString(message.partition()));
    put(letter.headers(), "dead_letter_offset", Long.toString(message.offset()));
    put(letter.headers(), "dead_letter_reason", reason);
    try {
      producer.send(letter).get();
    } catch (ExecutionException e) {
      throw new KafkaException("a dead letter was not taken", e.getCause());
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
    count.increment();
  }

  private static void put(Headers headers, String name, String value) {
    headers.add(name, value.getBytes(UTF_8));
  }
}
