package dev.relayauth.policy.adapter.postgres;

import dev.relayauth.common.event.CloudEvent;
import dev.relayauth.common.event.EntityKind;
import dev.relayauth.common.event.Topics;
import dev.relayauth.common.outbox.StorageException;
import dev.relayauth.common.outbox.Transactions;
import dev.relayauth.common.projection.FeedHandler;
import dev.relayauth.policy.domain.administration.BuiltInRoles;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Publishes the built-in roles of each organisation once, for the services that know roles from the
 * policy topic alone. This service itself has them without.
 */
@Singleton
public final class BuiltInRolePublisher implements FeedHandler {
  private static final Logger LOG = Logger.getLogger(BuiltInRolePublisher.class);
  private static final String CLAIM =
      """
      insert into built_in_publication (org_id, published_at) values (?, ?) on conflict do nothing
      """;

  private final Transactions transactions;
  private final Publication publication;
  private final Set<String> done = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService worker =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("built-in-roles").factory());

  BuiltInRolePublisher(Transactions transactions, Publication publication) {
    this.transactions = transactions;
    this.publication = publication;
  }

  void stop(@Observes ShutdownEvent event) {
    worker.shutdownNow();
  }

  @Override
  public String topic() {
    return Topics.IDENTITY;
  }

  @Override
  public void apply(CloudEvent event) {
    if (EntityKind.ORGANIZATION.owns(event.key()) && event.data() != null) {
      String org = event.key().substring(0, event.key().indexOf('/'));
      if (!done.contains(org)) {
        worker.execute(() -> tryEnsure(org));
      }
    }
  }

  /** Publishes them unless some replica already has. Blocking. */
  public void ensure(String org) {
    if (done.contains(org)) {
      return;
    }
    transactions.write(
        tx -> {
          if (tx.update(CLAIM, org, tx.clock().instant()) == 1) {
            BuiltInRoles.of(org).forEach(role -> publication.publish(tx, role, "created", null));
          }
          return org;
        });
    done.add(org);
  }

  private void tryEnsure(String org) {
    try {
      ensure(org);
    } catch (StorageException e) {
      LOG.debugf("the built-in roles of %s wait for the database: %s", org, e.getMessage());
      worker.schedule(() -> tryEnsure(org), 1, TimeUnit.SECONDS);
    }
  }
}
