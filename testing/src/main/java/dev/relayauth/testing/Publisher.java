package dev.relayauth.testing;

import dev.relayauth.common.event.CloudEvent;
import dev.relayauth.common.event.KafkaEvents;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Publishes events as a relay would, and returns once the broker has them. */
final class Publisher {
  private final KafkaProducer<String, byte[]> producer;

  Publisher(String bootstrap) {
    producer =
        new KafkaProducer<>(
            Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap),
            new StringSerializer(),
            new ByteArraySerializer());
  }

  synchronized void publish(String topic, CloudEvent event) {
    try {
      producer.send(KafkaEvents.toRecord(topic, event)).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }
}
