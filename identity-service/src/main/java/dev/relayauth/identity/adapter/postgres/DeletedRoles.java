package dev.relayauth.identity.adapter.postgres;

import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.outbox.Transaction;
import dev.relayauth.common.outbox.Transactions;
import dev.relayauth.identity.adapter.internal.PendingRevocations.Demand;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Roles that the policy service has deleted. Giving a role and burying it take turns on the role's
 * lock, so that nobody keeps one that is gone: whoever got it before loses it, nobody gets it
 * after.
 */
@Singleton
public final class DeletedRoles {
  private static final int CHUNK = 500;
  private static final String TAKE =
      """
      update identity
         set roles = array_remove(roles, ?), updated_at = ?, version = version + 1
       where id in (
         select id from identity
          where org_id = ? and roles @> array[?] and roles <> '{}' and status <> 'deleted'
          limit ? for update)
      returning *
      """;

  private final Transactions transactions;
  private final IdentityAdministration identities;

  DeletedRoles(Transactions transactions, IdentityAdministration identities) {
    this.transactions = transactions;
    this.identities = identities;
  }

  /** Refuses roles that are gone, and keeps the others from going until the transaction ends. */
  static void refuse(Transaction tx, String org, List<String> roles) throws SQLException {
    for (String role : roles.stream().sorted().toList()) {
      tx.query(
          "select pg_advisory_xact_lock_shared(hashtextextended(?, 2))",
          row -> 1,
          org + "/" + role);
    }
    boolean gone =
        !roles.isEmpty()
            && tx.first(
                    "select 1 from deleted_role where org_id = ? and role_id = any(?)",
                    row -> 1,
                    org,
                    roles)
                .isPresent();
    if (gone) {
      throw new RefusedException(ErrorCode.ROLE_NOT_FOUND, "the role has been deleted");
    }
  }

  /**
   * Takes a deleted role from whoever has it, in batches, each with its events, audit records and
   * revocations. Again is nothing; so is a second replica at the same time.
   */
  public void bury(String org, String role) {
    boolean clean =
        transactions
            .write(
                tx -> {
                  tx.query(
                      "select pg_advisory_xact_lock(hashtextextended(?, 2))",
                      row -> 1,
                      org + "/" + role);
                  return tx.first(
                          """
                          insert into deleted_role values (?, ?, ?, null)
                          on conflict (org_id, role_id) do update set role_id = excluded.role_id
                          returning cleaned_at is not null
                          """,
                          row -> row.getBoolean(1),
                          org,
                          role,
                          tx.clock().instant())
                      .orElse(false);
                })
            .value();
    while (!clean) {
      List<Demand> demands = transactions.write(tx -> takeSome(tx, org, role)).value();
      identities.deliver(demands);
      clean = demands.size() < CHUNK;
    }
  }

  /** Whether a deleted role has been taken from everybody. */
  public boolean isClean(String org, String role) {
    return transactions.read(
        tx ->
            tx.first(
                    """
                    select 1 from deleted_role
                     where org_id = ? and role_id = ? and cleaned_at is not null
                    """,
                    row -> 1,
                    org,
                    role)
                .isPresent());
  }

  private List<Demand> takeSome(Transaction tx, String org, String role) throws SQLException {
    List<IdentityState> changed =
        tx.query(TAKE, IdentityRows::state, role, tx.clock().instant(), org, role, CHUNK);
    List<String> gave = NarrowedRoles.lastSeen(tx, org, role);
    List<Demand> demands = new ArrayList<>();
    for (IdentityState identity : changed) {
      demands.add(identities.lostRole(tx, identity, role, gave));
    }
    if (changed.size() < CHUNK) {
      tx.update(
          "update deleted_role set cleaned_at = ? where org_id = ? and role_id = ?",
          tx.clock().instant(),
          org,
          role);
    }
    return demands;
  }
}
