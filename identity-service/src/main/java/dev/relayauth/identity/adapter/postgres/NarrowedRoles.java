package dev.relayauth.identity.adapter.postgres;

import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.event.RoleState;
import dev.relayauth.common.outbox.Rows;
import dev.relayauth.common.outbox.Transaction;
import dev.relayauth.common.outbox.Transactions;
import dev.relayauth.common.scope.ScopeSet;
import dev.relayauth.identity.adapter.internal.PendingRevocations.Demand;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Roles that give less than before: whoever has one loses the tokens that carry what it gave, and
 * keys lose it. What a role gave is remembered, so that no narrowing is missed and none is acted on
 * twice.
 */
@Singleton
public final class NarrowedRoles {
  private static final String HOLDERS =
      """
      select * from identity
       where org_id = ? and roles @> array[?] and roles <> '{}' and status in ('active', 'suspended')
       order by id for share
      """;

  private final Transactions transactions;
  private final IdentityAdministration identities;

  NarrowedRoles(Transactions transactions, IdentityAdministration identities) {
    this.transactions = transactions;
    this.identities = identities;
  }

  private record Seen(long revision, List<String> scopes) {}

  /** Acts on a role as it is now. Again is nothing, and so is an older one. */
  public void see(RoleState role) {
    // At every start all roles come again: most are known, and cost a read alone.
    if (isNews(transactions.read(tx -> seen(tx, role.orgId(), role.id())), role)) {
      identities.deliver(transactions.write(tx -> see(tx, role)).value());
    }
  }

  /** What a role gave when it was last seen; nothing for one that never was. */
  static List<String> lastSeen(Transaction tx, String org, String role) throws SQLException {
    return seen(tx, org, role).map(Seen::scopes).orElse(List.of());
  }

  private static Optional<Seen> seen(Transaction tx, String org, String role) throws SQLException {
    return tx.first(
        "select revision, scopes from role_scopes where org_id = ? and role_id = ?",
        row -> new Seen(row.getLong(1), Rows.strings(row, "scopes")),
        org,
        role);
  }

  private static boolean isNews(Optional<Seen> seen, RoleState role) {
    return seen.isEmpty() || seen.get().revision() < role.revision();
  }

  private List<Demand> see(Transaction tx, RoleState role) throws SQLException {
    tx.query(
        "select pg_advisory_xact_lock(hashtextextended(?, 3))",
        row -> 1,
        role.orgId() + "/" + role.id());
    Optional<Seen> seen = seen(tx, role.orgId(), role.id());
    if (!isNews(seen, role)) {
      return List.of();
    }
    tx.update(
        """
        insert into role_scopes (org_id, role_id, revision, scopes) values (?, ?, ?, ?)
        on conflict (org_id, role_id)
        do update set revision = excluded.revision, scopes = excluded.scopes
        """,
        role.orgId(),
        role.id(),
        role.revision(),
        role.scopes());
    boolean narrowed =
        seen.isPresent()
            && ScopeSet.lenient(role.scopes())
                .firstNotCovered(ScopeSet.lenient(seen.get().scopes()))
                .isPresent();
    List<Demand> demands = new ArrayList<>();
    if (narrowed) {
      for (IdentityState holder : tx.query(HOLDERS, IdentityRows::state, role.orgId(), role.id())) {
        demands.add(identities.narrowedRole(tx, holder, role, seen.get().scopes()));
      }
    }
    return demands;
  }
}
