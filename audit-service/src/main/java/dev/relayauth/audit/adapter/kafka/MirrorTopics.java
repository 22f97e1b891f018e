package dev.relayauth.audit.adapter.kafka;

import dev.relayauth.audit.config.AuditConfig;
import dev.relayauth.common.event.Topics;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * Sees to it at the start that the topics of mirrored organisations are there: a record for a topic
 * that is not would hold up whatever the outbox has after it.
 */
@Singleton
final class MirrorTopics {
  private final Set<String> organizations;
  private final Map<String, Object> kafka;

  MirrorTopics(AuditConfig config, @Identifier("default-kafka-broker") Map<String, Object> kafka) {
    this.organizations = new TreeSet<>(config.mirrorOrganizations().orElse(Set.of()));
    this.kafka = Map.copyOf(kafka);
  }

  void start(@Observes StartupEvent event) throws InterruptedException {
    if (organizations.isEmpty()) {
      return;
    }
    try (Admin admin = Admin.create(kafka)) {
      Set<String> wanted = new HashSet<>(organizations.stream().map(Topics::auditOf).toList());
      wanted.removeAll(admin.listTopics().names().get());
      List<NewTopic> missing =
          wanted.stream()
              .map(topic -> new NewTopic(topic, Optional.empty(), Optional.empty()))
              .toList();
      admin.createTopics(missing).all().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(
          "the topics of relayauth.audit.mirror-organizations are not there and can't be made",
          e.getCause());
    }
  }
}
