package dev.relayauth.identity.adapter.kafka;

import dev.relayauth.common.event.CloudEvent;
import dev.relayauth.common.event.EntityKind;
import dev.relayauth.common.event.RoleState;
import dev.relayauth.common.event.Topics;
import dev.relayauth.common.json.Json;
import dev.relayauth.common.outbox.StorageException;
import dev.relayauth.common.projection.FeedHandler;
import dev.relayauth.identity.adapter.postgres.DeletedRoles;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Has a deleted role taken from whoever has it. The feed is read from its beginning at every start,
 * so a deletion that nobody has seen to is seen to then.
 */
@Singleton
public final class RoleDeletions implements FeedHandler {
  private static final Logger LOG = Logger.getLogger(RoleDeletions.class);

  private final DeletedRoles deleted;
  private final ScheduledExecutorService worker =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("deleted-roles").factory());

  RoleDeletions(DeletedRoles deleted) {
    this.deleted = deleted;
  }

  void stop(@Observes ShutdownEvent event) {
    worker.shutdownNow();
  }

  @Override
  public String topic() {
    return Topics.POLICY;
  }

  @Override
  public void apply(CloudEvent event) {
    byte[] data = event.data();
    if (!EntityKind.ROLE.owns(event.key()) || data == null) {
      return;
    }
    RoleState role = Json.read(data, RoleState.class);
    if (role.deleted()) {
      worker.execute(() -> bury(role.orgId(), role.id()));
    }
  }

  private void bury(String org, String role) {
    try {
      if (!deleted.isClean(org, role)) {
        deleted.bury(org, role);
      }
    } catch (StorageException e) {
      LOG.warnf("a deleted role is taken away later: %s", e.getMessage());
      worker.schedule(() -> bury(org, role), 1, TimeUnit.SECONDS);
    }
  }
}
