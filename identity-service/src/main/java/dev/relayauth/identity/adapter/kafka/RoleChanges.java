package dev.relayauth.identity.adapter.kafka;

import dev.relayauth.common.event.CloudEvent;
import dev.relayauth.common.event.EntityKind;
import dev.relayauth.common.event.RoleState;
import dev.relayauth.common.event.Topics;
import dev.relayauth.common.internal.ServiceUnavailableException;
import dev.relayauth.common.json.Json;
import dev.relayauth.common.outbox.StorageException;
import dev.relayauth.common.projection.FeedHandler;
import dev.relayauth.identity.adapter.postgres.DeletedRoles;
import dev.relayauth.identity.adapter.postgres.NarrowedRoles;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Has a deleted role taken from whoever has it, and the tokens of a role that gives less than it
 * did revoked. The feed is read from its beginning at every start, so a change that nobody has seen
 * to is seen to then.
 */
@Singleton
public final class RoleChanges implements FeedHandler {
  private static final Logger LOG = Logger.getLogger(RoleChanges.class);

  private final DeletedRoles deleted;
  private final NarrowedRoles narrowed;
  private final ScheduledExecutorService worker =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("deleted-roles").factory());

  RoleChanges(DeletedRoles deleted, NarrowedRoles narrowed) {
    this.deleted = deleted;
    this.narrowed = narrowed;
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
    worker.execute(() -> see(role));
  }

  private void see(RoleState role) {
    try {
      if (!role.deleted()) {
        narrowed.see(role);
      } else if (!deleted.isClean(role.orgId(), role.id())) {
        deleted.bury(role.orgId(), role.id());
      }
    } catch (StorageException | ServiceUnavailableException e) {
      LOG.warnf("a change of a role is seen to later: %s", e.getMessage());
      worker.schedule(() -> see(role), 1, TimeUnit.SECONDS);
    }
  }
}
