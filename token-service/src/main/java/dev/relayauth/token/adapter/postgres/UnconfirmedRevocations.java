package dev.relayauth.token.adapter.postgres;

import dev.relayauth.common.internal.ServiceUnavailableException;
import dev.relayauth.common.outbox.StorageException;
import dev.relayauth.common.outbox.Transactions;
import dev.relayauth.common.revocation.Initiator;
import dev.relayauth.common.revocation.RevocationKind;
import dev.relayauth.token.adapter.internal.RevocationOrders;
import dev.relayauth.token.domain.issuing.Session;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Has the revocation service kill the access tokens of families that ended here: at once, and again
 * until it has confirmed, whatever crashes in between. The event id makes repeats harmless.
 */
@Singleton
public final class UnconfirmedRevocations {
  private static final Logger LOG = Logger.getLogger(UnconfirmedRevocations.class);
  private static final int EVERY_MILLIS = 1_000;
  private static final int BATCH = 50;
  private static final String SELECT =
      "select s.*, s.unconfirmed_revocation as event, s.revoked_reason as reason from session s "
          + "where unconfirmed_revocation is not null";

  private final Transactions transactions;
  private final RevocationOrders orders;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("unconfirmed-revocations").factory());

  UnconfirmedRevocations(Transactions transactions, RevocationOrders orders) {
    this.transactions = transactions;
    this.orders = orders;
  }

  private record Unconfirmed(Session session, String event, String reason) {}

  void start(@Observes StartupEvent event) {
    timer.scheduleWithFixedDelay(this::sweep, EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
  }

  void stop(@Observes ShutdownEvent event) {
    timer.shutdownNow();
  }

  /** Sends the revocation of one session now; what fails is sent again later. Blocking. */
  public void send(String sid) {
    try {
      transactions
          .read(tx -> tx.query(SELECT + " and s.sid = ?", UnconfirmedRevocations::read, sid))
          .forEach(this::confirm);
    } catch (StorageException | ServiceUnavailableException e) {
      LOG.warnf("a revocation is sent again later: %s", e.getMessage());
    }
  }

  private void sweep() {
    try {
      transactions
          .read(tx -> tx.query(SELECT + " limit " + BATCH, UnconfirmedRevocations::read))
          .forEach(this::confirm);
    } catch (RuntimeException e) {
      LOG.warnf("unconfirmed revocations wait: %s", e.getMessage());
    }
  }

  private void confirm(Unconfirmed unconfirmed) {
    Session session = unconfirmed.session();
    orders.send(
        new RevocationOrders.Order(
            session.org(),
            RevocationKind.SESSION.wireName(),
            session.sid(),
            true,
            unconfirmed.reason(),
            session.identityId(),
            Initiator.system,
            unconfirmed.event(),
            session.expiresAt(),
            session.sponsorChain()));
    transactions.write(
        tx ->
            tx.update(
                "update session set unconfirmed_revocation = null where sid = ?", session.sid()));
  }

  private static Unconfirmed read(java.sql.ResultSet row) throws java.sql.SQLException {
    return new Unconfirmed(SessionRows.read(row), row.getString("event"), row.getString("reason"));
  }
}
