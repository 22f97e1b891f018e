package dev.relayauth.token.adapter.postgres;

import dev.relayauth.common.audit.AuditRecords;
import dev.relayauth.common.outbox.Rows;
import dev.relayauth.common.outbox.Transaction;
import dev.relayauth.common.outbox.Transactions;
import dev.relayauth.common.token.SigningAlgorithm;
import dev.relayauth.common.token.SigningKey;
import dev.relayauth.token.domain.keys.KeyEncryption;
import dev.relayauth.token.domain.keys.KeyStore;
import dev.relayauth.token.domain.keys.RotationRecord;
import dev.relayauth.token.domain.keys.StoredKey;
import jakarta.inject.Singleton;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** Keys as rows, made under an advisory lock so that replicas agree. */
@Singleton
public final class PostgresKeyStore implements KeyStore {
  private static final int KEY_LOCK = 0x4B455953;
  private static final String LOCK =
      "select pg_advisory_xact_lock(" + KEY_LOCK + ", hashtext(current_schema()))";
  private static final String INSERT =
      """
      insert into signing_key (kid, alg, public_jwk, private_jwk, created_at, activated_at)
      values (?, ?, ?, ?, ?, ?)
      """;

  private final Transactions transactions;
  private final KeyEncryption encryption;
  private final AuditRecords records;
  private final InstantSource clock;

  PostgresKeyStore(
      Transactions transactions,
      KeyEncryption encryption,
      AuditRecords records,
      InstantSource clock) {
    this.transactions = transactions;
    this.encryption = encryption;
    this.records = records;
    this.clock = clock;
  }

  @Override
  public List<StoredKey> load() {
    return transactions.read(
        tx ->
            tx.query(
                "select * from signing_key where removed_at is null order by created_at, kid",
                this::read));
  }

  @Override
  public void ensure(SigningAlgorithm algorithm) {
    transactions.write(
        tx -> {
          lock(tx);
          boolean exists =
              tx.first(
                      """
                      select 1 from signing_key
                      where alg = ? and removed_at is null and retired_at is null
                      """,
                      row -> true,
                      algorithm.jwsName())
                  .orElse(false);
          if (!exists) {
            insert(tx, SigningKey.generate(algorithm), clock.instant());
          }
          return exists;
        });
  }

  @Override
  public StoredKey rotate(SigningAlgorithm algorithm, Instant from, RotationRecord toRecord) {
    return transactions
        .write(
            tx -> {
              lock(tx);
              tx.update(
                  """
                  update signing_key set retired_at = ?
                  where alg = ? and removed_at is null and retired_at is null
                  """,
                  from,
                  algorithm.jwsName());
              StoredKey made = insert(tx, SigningKey.generate(algorithm), from);
              records.append(tx, toRecord.of(made.kid()), null);
              return made;
            })
        .value();
  }

  private StoredKey insert(Transaction tx, SigningKey key, Instant from) throws SQLException {
    Instant now = clock.instant();
    tx.update(
        INSERT,
        key.kid(),
        key.algorithm().jwsName(),
        key.verificationKey().toJwk(),
        encryption.encrypt(key.kid(), key.toPrivateJwk()),
        now,
        from);
    return new StoredKey(key, now, from, null);
  }

  private StoredKey read(ResultSet row) throws SQLException {
    String kid = row.getString("kid");
    String privateJwk = encryption.decrypt(kid, row.getBytes("private_jwk"));
    return new StoredKey(
        SigningKey.fromPrivateJwk(privateJwk),
        Rows.instant(row, "created_at"),
        Rows.instant(row, "activated_at"),
        Rows.instantOrNull(row, "retired_at"));
  }

  private static void lock(Transaction tx) throws SQLException {
    try (PreparedStatement statement = tx.connection().prepareStatement(LOCK)) {
      statement.execute();
    }
  }
}
