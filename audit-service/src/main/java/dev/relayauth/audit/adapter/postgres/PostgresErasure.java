package dev.relayauth.audit.adapter.postgres;

import dev.relayauth.audit.domain.removal.Erasure;
import dev.relayauth.audit.domain.removal.Removals;
import dev.relayauth.audit.domain.tree.LeafRanges;
import dev.relayauth.common.audit.AuditDraft;
import dev.relayauth.common.audit.AuditRecords;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.outbox.Transaction;
import dev.relayauth.common.outbox.Transactions;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.util.List;

/**
 * Erases payloads: what is left of a record is its id, its action and result, when it was, and its
 * place in the tree, which still proves that it was there. That it was erased is on record.
 */
@Singleton
public final class PostgresErasure {
  private static final String ERASE =
      """
      update audit_record set erased = true, leaf_salt = null, identity_id = null,
        workspace_id = null, plane = null, resource = null, sponsor_id = null,
        sponsor_chain = '{}', metadata = '{}', ip = null, user_agent = null, request_id = null,
        trace_id = null, token_id = null, session_id = null
      where %s and not erased and leaf_index >= 0 and action not in ('%s', '%s')
      returning id, leaf_index
      """;

  private final Transactions transactions;
  private final AuditRecords records;

  PostgresErasure(Transactions transactions, AuditRecords records) {
    this.transactions = transactions;
    this.records = records;
  }

  private record Gone(String id, long leaf) {}

  /** How many records were erased, and the sequence of the record that says so. */
  public record Outcome(int erased, long sequence) {}

  /** Erases in an organisation. Blocking. */
  public Outcome erase(String org, Erasure erasure, String reason, CurrentRequest request) {
    String sql = ERASE.formatted(AuditKeys.of(column(erasure)), Removals.ERASED, Removals.EXPIRED);
    Transactions.Committed<Integer> committed =
        transactions.write(
            tx -> {
              List<Gone> gone =
                  tx.query(
                      sql,
                      row -> new Gone(row.getString(1), row.getLong(2)),
                      org,
                      erasure.id(),
                      org,
                      erasure.id());
              forget(tx, org, gone);
              report(tx, org, reason, gone, request);
              return gone.size();
            });
    return new Outcome(committed.value(), committed.sequence());
  }

  private static void forget(Transaction tx, String org, List<Gone> gone) throws SQLException {
    tx.update(
        "delete from audit_delivery where org = ? and entry_id = any(?)",
        org,
        gone.stream().map(Gone::id).toList());
  }

  private void report(
      Transaction tx, String org, String reason, List<Gone> gone, CurrentRequest request) {
    LeafRanges leaves = new LeafRanges();
    gone.forEach(row -> leaves.add(row.leaf(), row.leaf()));
    for (String piece : leaves.pieces()) {
      AuditDraft draft =
          records
              .draft(Removals.ERASED, org, request)
              .with(Removals.LEAVES, piece)
              .with("reason", reason);
      records.append(tx, draft, request);
    }
  }

  private static String column(Erasure erasure) {
    return switch (erasure) {
      case Erasure.OfSponsor ignored -> "sponsor_id";
      case Erasure.OfIdentity ignored -> "identity_id";
      case Erasure.OfEntry ignored -> "id";
    };
  }
}
