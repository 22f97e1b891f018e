package dev.relayauth.token.adapter.postgres;

import dev.relayauth.common.audit.AuditRecords;
import dev.relayauth.common.event.AuditRecord;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.id.IdSource;
import dev.relayauth.common.outbox.Rows;
import dev.relayauth.common.outbox.Transactions;
import dev.relayauth.common.token.KeySet;
import dev.relayauth.common.token.VerificationKey;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Public keys by which identities authenticate as clients. Blocking. */
@Singleton
public final class PostgresClientKeys {
  private final Transactions transactions;
  private final AuditRecords records;
  private final IdSource ids;

  PostgresClientKeys(Transactions transactions, AuditRecords records, IdSource ids) {
    this.transactions = transactions;
    this.records = records;
    this.ids = ids;
  }

  /**
   * A registered key.
   *
   * @param id what the tokens it brings forth descend from
   * @param scopes the most that those may do
   * @param rev the last revocation sequence applied when it was registered
   */
  public record Registered(
      String id,
      String org,
      String identityId,
      VerificationKey key,
      List<String> scopes,
      Instant createdAt,
      long rev) {}

  /**
   * A key that is to be registered.
   *
   * @param scopes the most that its tokens may do
   * @param rev the last revocation sequence applied, read before the first check
   */
  public record Draft(
      String org,
      String identityId,
      VerificationKey key,
      List<String> scopes,
      String createdBy,
      long rev) {
    /** Copies the scopes. */
    public Draft {
      scopes = List.copyOf(scopes);
    }
  }

  /** The keys of an identity, the newest first; none that would not be registered any more. */
  public List<Registered> of(String identityId) {
    return transactions
        .read(
            tx ->
                tx.query(
                    "select * from client_key where identity_id = ? order by created_at desc, id",
                    PostgresClientKeys::read,
                    identityId))
        .stream()
        .flatMap(Optional::stream)
        .toList();
  }

  /**
   * Registers a key, with its record; false when the identity has one of that name, or {@code most}
   * already.
   */
  public boolean add(Draft draft, int most, AuditRecord auditRecord) {
    return transactions
        .write(
            tx -> {
              int added =
                  tx.update(
                      """
                      insert into client_key
                        (id, org, identity_id, kid, jwk, scopes, created_by, created_at, rev)
                      select ?, ?, ?, ?, ?, ?, ?, ?, ?
                      where (select count(*) from client_key where identity_id = ?) < ?
                      on conflict (identity_id, kid) do nothing
                      """,
                      ids.next(IdPrefix.API_KEY),
                      draft.org(),
                      draft.identityId(),
                      draft.key().kid(),
                      draft.key().toJwk(),
                      draft.scopes(),
                      draft.createdBy(),
                      tx.clock().instant(),
                      draft.rev(),
                      draft.identityId(),
                      most);
              if (added == 1) {
                records.append(tx, auditRecord, null);
              }
              return added == 1;
            })
        .value();
  }

  /** Forgets a key, with its record. */
  public void remove(String id, AuditRecord auditRecord) {
    transactions.write(
        tx -> {
          int removed = tx.update("delete from client_key where id = ?", id);
          if (removed == 1) {
            records.append(tx, auditRecord, null);
          }
          return removed;
        });
  }

  private static Optional<Registered> read(ResultSet row) throws SQLException {
    Optional<VerificationKey> key =
        KeySet.parse("{\"keys\":[" + row.getString("jwk") + "]}").find(row.getString("kid"));
    return key.isEmpty() ? Optional.empty() : Optional.of(registered(row, key.get()));
  }

  private static Registered registered(ResultSet row, VerificationKey key) throws SQLException {
    return new Registered(
        row.getString("id"),
        row.getString("org"),
        row.getString("identity_id"),
        key,
        Rows.strings(row, "scopes"),
        Rows.instant(row, "created_at"),
        row.getLong("rev"));
  }
}
