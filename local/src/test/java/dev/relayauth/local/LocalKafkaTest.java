package dev.relayauth.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LocalKafkaTest {
  private static final String AUDIT = "relayauth.audit.v1";

  @TempDir Path directory;

  @Test
  void createsTheTopicsThatTheServicesShare() throws Exception {
    try (LaunchedServer broker = launch();
        Admin admin = Admin.create(Map.of("bootstrap.servers", broker.address()))) {
      assertThat(admin.listTopics().names().get()).containsAll(LocalKafka.topics());
      assertThat(partitions(admin, AUDIT)).isEqualTo(3);
      assertThat(partitions(admin, "relayauth.revocation.v1")).isEqualTo(1);
      assertThat(cleanup(admin, "relayauth.identity.v1")).isEqualTo("compact");
      assertThat(cleanup(admin, AUDIT)).isEqualTo("delete");
    }
  }

  @Test
  void keepsWhatWasAcknowledgedAndItsIdentityWhenItIsKilled() throws Exception {
    String cluster;
    try (LaunchedServer first = launch()) {
      String address = first.address();
      cluster = clusterId(address);
      append(address, "kept");
      first.kill();
    }

    try (LaunchedServer second = launch()) {
      String address = second.address();
      assertThat(clusterId(address)).isEqualTo(cluster);
      assertThat(firstRecord(address)).isEqualTo("kept");
    }
  }

  private LaunchedServer launch() throws Exception {
    return LaunchedServer.launch("kafka", "--dir", directory.toString());
  }

  private static int partitions(Admin admin, String topic) throws Exception {
    return admin
        .describeTopics(List.of(topic))
        .allTopicNames()
        .get()
        .get(topic)
        .partitions()
        .size();
  }

  private static String cleanup(Admin admin, String topic) throws Exception {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    return admin
        .describeConfigs(List.of(resource))
        .all()
        .get()
        .get(resource)
        .get("cleanup.policy")
        .value();
  }

  private static String clusterId(String address) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", address))) {
      return admin.describeCluster().clusterId().get();
    }
  }

  private static void append(String address, String value) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", address, "acks", "all"),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer
          .send(new ProducerRecord<>(AUDIT, 0, null, value.getBytes(StandardCharsets.UTF_8)))
          .get();
    }
  }

  private static String firstRecord(String address) {
    TopicPartition partition = new TopicPartition(AUDIT, 0);
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", address),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      List<ConsumerRecord<byte[], byte[]>> records =
          consumer.poll(Duration.ofSeconds(20)).records(partition);
      return new String(records.getFirst().value(), StandardCharsets.UTF_8);
    }
  }
}
