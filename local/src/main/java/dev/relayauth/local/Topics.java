package dev.relayauth.local;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.TopicExistsException;

/** The topics that the services share. */
public final class Topics {
  private static final Map<String, String> COMPACTED =
      Map.of("cleanup.policy", "compact", "min.cleanable.dirty.ratio", "0.1");
  private static final Map<String, String> A_WEEK =
      Map.of("cleanup.policy", "delete", "retention.ms", "604800000");

  private Topics() {}

  /**
   * Creates the topics that a cluster lacks and leaves the others as they are.
   *
   * @throws IOException if the cluster refuses one
   */
  public static void createMissing(String bootstrap, int auditPartitions)
      throws IOException, InterruptedException {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
      for (KafkaFuture<Void> creation :
          admin.createTopics(wanted(auditPartitions)).values().values()) {
        await(creation);
      }
    }
  }

  static List<String> names() {
    return wanted(1).stream().map(NewTopic::name).toList();
  }

  private static List<NewTopic> wanted(int auditPartitions) {
    return List.of(
        topic("relayauth.identity.v1", 1, COMPACTED),
        topic("relayauth.policy.v1", 1, COMPACTED),
        topic("relayauth.revocation.v1", 1, COMPACTED),
        topic("relayauth.audit.v1", auditPartitions, A_WEEK),
        topic("relayauth.audit-epoch.v1", 1, A_WEEK),
        topic("relayauth.dead-letter.v1", 1, A_WEEK));
  }

  /** The replication factor is the cluster's default. */
  private static NewTopic topic(String name, int partitions, Map<String, String> settings) {
    return new NewTopic(name, Optional.of(partitions), Optional.<Short>empty()).configs(settings);
  }

  private static void await(KafkaFuture<Void> creation) throws IOException, InterruptedException {
    try {
      creation.get();
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw new IOException("can't create a topic", e.getCause());
      }
    }
  }
}
