package dev.relayauth.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The rules that {@code docs/audit.md} gives an outside consumer, as they stand there, on a broker
 * that asks who its clients are and authorises them.
 */
@Timeout(90)
class OutsideConsumerTest {
  private static final String AUDIT = "relayauth.audit.v1";
  private static final String IDENTITY = "relayauth.identity.v1";
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Pattern RULE =
      Pattern.compile(
          "kafka-acls --add --allow-principal (\\S+) --operation (\\S+) --(topic|group) (\\S+)");

  @TempDir Path directory;
  private LocalKafka broker;
  private String outside;

  @BeforeEach
  void start() throws Exception {
    int port = FreePort.orAny(0);
    outside = "127.0.0.1:" + port;
    broker = LocalKafka.start(directory, 0, 1, settings -> guarded(settings, port));
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.address()))) {
      List<AclBinding> rules = rules();
      assertThat(rules).hasSize(2);
      admin.createAcls(rules).all().get();
    }
    send(Map.of("bootstrap.servers", broker.address()), AUDIT);
    send(Map.of("bootstrap.servers", broker.address()), IDENTITY);
  }

  @AfterEach
  void stop() {
    broker.close();
  }

  @Test
  void readsTheAuditTopicInItsGroup() {
    try (KafkaConsumer<byte[], byte[]> siem = consumer("siem")) {
      siem.subscribe(List.of(AUDIT));

      assertThat(siem.poll(PATIENCE))
          .extracting(ConsumerRecord::value)
          .containsExactly("one".getBytes(UTF_8));
      siem.commitSync();
    }
  }

  @Test
  void readsNoOtherTopicAndInNoOtherGroup() {
    try (KafkaConsumer<byte[], byte[]> siem = consumer("siem")) {
      siem.subscribe(List.of(IDENTITY));
      assertThatThrownBy(() -> siem.poll(PATIENCE)).isInstanceOf(TopicAuthorizationException.class);
    }
    try (KafkaConsumer<byte[], byte[]> siem = consumer("relayauth")) {
      siem.subscribe(List.of(AUDIT));
      assertThatThrownBy(() -> siem.poll(PATIENCE)).isInstanceOf(GroupAuthorizationException.class);
    }
  }

  @Test
  void writesNothing() {
    Map<String, Object> siem = as("siem", "siem-password");
    // Else it is turned away before it comes to the topic.
    siem.put("enable.idempotence", false);

    assertThatThrownBy(() -> send(siem, AUDIT))
        .hasCauseInstanceOf(TopicAuthorizationException.class);
  }

  @Test
  void isNobodyWithoutItsPassword() {
    assertThatThrownBy(() -> send(as("siem", "guessed"), AUDIT))
        .hasRootCauseInstanceOf(SaslAuthenticationException.class);
  }

  private static Map<String, String> guarded(Map<String, String> usual, int port) {
    Map<String, String> settings = new HashMap<>(usual);
    String listener = ",OUTSIDE://127.0.0.1:" + port;
    settings.merge("listeners", listener, String::concat);
    settings.merge("advertised.listeners", listener, String::concat);
    settings.merge("listener.security.protocol.map", ",OUTSIDE:SASL_PLAINTEXT", String::concat);
    settings.put("sasl.enabled.mechanisms", "PLAIN");
    settings.put(
        "listener.name.outside.plain.sasl.jaas.config",
        "org.apache.kafka.common.security.plain.PlainLoginModule required"
            + " user_siem=\"siem-password\";");
    settings.put(
        "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
    // Who comes by the other listener, as the services do.
    settings.put("super.users", "User:ANONYMOUS");
    return settings;
  }

  private static List<AclBinding> rules() throws IOException {
    return RULE.matcher(Files.readString(Path.of("../docs/audit.md")))
        .results()
        .map(OutsideConsumerTest::binding)
        .toList();
  }

  private static AclBinding binding(MatchResult rule) {
    return new AclBinding(
        new ResourcePattern(
            ResourceType.valueOf(rule.group(3).toUpperCase(Locale.ROOT)),
            rule.group(4),
            PatternType.LITERAL),
        new AccessControlEntry(
            rule.group(1),
            "*",
            AclOperation.valueOf(rule.group(2).toUpperCase(Locale.ROOT)),
            AclPermissionType.ALLOW));
  }

  private KafkaConsumer<byte[], byte[]> consumer(String group) {
    Map<String, Object> settings = as("siem", "siem-password");
    settings.put("group.id", group);
    settings.put("auto.offset.reset", "earliest");
    return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private Map<String, Object> as(String user, String password) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("bootstrap.servers", outside);
    settings.put("security.protocol", "SASL_PLAINTEXT");
    settings.put("sasl.mechanism", "PLAIN");
    settings.put(
        "sasl.jaas.config",
        "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"%s\" password=\"%s\";"
            .formatted(user, password));
    return settings;
  }

  private static void send(Map<String, Object> client, String topic) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer
          .send(new ProducerRecord<>(topic, "key".getBytes(UTF_8), "one".getBytes(UTF_8)))
          .get();
    }
  }
}
