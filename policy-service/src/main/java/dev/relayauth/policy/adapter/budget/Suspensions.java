package dev.relayauth.policy.adapter.budget;

import dev.relayauth.common.internal.InternalClient;
import dev.relayauth.common.internal.ServiceUnavailableException;
import dev.relayauth.common.outbox.Transaction;
import dev.relayauth.common.outbox.Transactions;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * Has the identity service suspend whoever overran a budget. What is demanded is kept until that
 * service has it.
 */
@Singleton
public final class Suspensions {
  private static final Logger LOG = Logger.getLogger(Suspensions.class);
  private static final String DEMAND =
      """
      insert into budget_suspension (org_id, identity_id, reason, created_at) values (?, ?, ?, ?)
      on conflict do nothing
      """;
  private static final String WAITING =
      """
      select org_id, identity_id, reason from budget_suspension
       where created_at < clock_timestamp() - interval '1 second' limit 100
      """;

  private final Transactions transactions;
  private final InternalClient client;

  Suspensions(Transactions transactions, InternalClient client) {
    this.transactions = transactions;
    this.client = client;
  }

  private record Body(String reason) {}

  private record Waiting(String org, String identityId, String reason) {}

  void demand(Transaction tx, String org, String identityId, String reason) throws SQLException {
    tx.update(DEMAND, org, identityId, reason, tx.clock().instant());
  }

  /** Suspends; what can't be delivered now is tried again. Blocking. */
  void deliver(String org, String identityId, String reason) {
    try {
      InternalClient.Reply reply =
          client.await(
              client.post(
                  "identity",
                  "/internal/v1/budgets/" + org + "/" + identityId + "/suspension",
                  new Body(reason)));
      // 404 and 409: it is gone, or retired; there is nothing left to suspend.
      if (reply.isSuccess() || reply.status() == 404 || reply.status() == 409) {
        transactions.write(
            tx ->
                tx.update(
                    "delete from budget_suspension where org_id = ? and identity_id = ?",
                    org,
                    identityId));
      } else {
        LOG.warnf("%s is not suspended yet: identity answered %d", identityId, reply.status());
      }
    } catch (ServiceUnavailableException e) {
      LOG.warnf("%s is not suspended yet: %s", identityId, e.getMessage());
    }
  }

  /** Tries again what waits. Blocking. */
  void retry() {
    List<Waiting> waiting =
        transactions.read(
            tx ->
                tx.query(
                    WAITING,
                    row -> new Waiting(row.getString(1), row.getString(2), row.getString(3))));
    waiting.forEach(one -> deliver(one.org, one.identityId, one.reason));
  }
}
