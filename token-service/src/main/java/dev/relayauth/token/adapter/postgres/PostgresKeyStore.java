package dev.relayauth.token.adapter.postgres;

import dev.relayauth.common.audit.AuditRecords;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.id.IdSource;
import dev.relayauth.common.outbox.Rows;
import dev.relayauth.common.outbox.Transaction;
import dev.relayauth.common.outbox.Transactions;
import dev.relayauth.common.secret.SecretSeal;
import dev.relayauth.common.token.SigningAlgorithm;
import dev.relayauth.common.token.SigningKey;
import dev.relayauth.token.domain.keys.KeyMaker;
import dev.relayauth.token.domain.keys.KeyStore;
import dev.relayauth.token.domain.keys.RotationRecord;
import dev.relayauth.token.domain.keys.StoredKey;
import jakarta.inject.Singleton;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Keys as rows, changed under an advisory lock so that replicas agree, and told at once. */
@Singleton
public final class PostgresKeyStore implements KeyStore {
  static final int KEY_LOCK = 0x4B455953;
  private static final String LOCK =
      "select pg_advisory_xact_lock(" + KEY_LOCK + ", hashtext(current_schema()))";
  private static final String NOTIFY =
      "select pg_notify('" + KeyNotices.CHANNEL + "' || current_schema(), '')";
  private static final String INSERT =
      """
      insert into signing_key (kid, alg, public_jwk, private_jwk, created_at, activated_at)
      values (?, ?, ?, ?, ?, ?)
      """;
  private static final String STANDBY =
      """
      select * from signing_key
      where alg = ? and removed_at is null and activated_at is null
      order by created_at, kid limit 1
      """;

  private final Transactions transactions;
  private final SecretSeal encryption;
  private final KeyMaker maker;
  private final AuditRecords records;
  private final IdSource ids;
  private final InstantSource clock;

  PostgresKeyStore(
      Transactions transactions,
      SecretSeal encryption,
      KeyMaker maker,
      AuditRecords records,
      IdSource ids,
      InstantSource clock) {
    this.transactions = transactions;
    this.encryption = encryption;
    this.maker = maker;
    this.records = records;
    this.ids = ids;
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
    Optional<SigningKey> made = Optional.empty();
    while (!fill(algorithm, made)) {
      made = Optional.of(maker.make(algorithm));
    }
  }

  /**
   * Whether a key signs and another stands by; the one that was made takes a place that is free.
   */
  private boolean fill(SigningAlgorithm algorithm, Optional<SigningKey> made) {
    return transactions
        .write(
            tx -> {
              run(tx, LOCK);
              boolean signs = ensureSigner(tx, algorithm);
              if (signs && hasStandby(tx, algorithm)) {
                return true;
              }
              if (made.isPresent()) {
                insert(tx, made.get(), signs ? null : clock.instant());
                run(tx, NOTIFY);
              }
              return signs && made.isPresent();
            })
        .value();
  }

  private static boolean hasStandby(Transaction tx, SigningAlgorithm algorithm)
      throws SQLException {
    return tx.first(STANDBY, row -> true, algorithm.jwsName()).isPresent();
  }

  /** The key that signs, or is to sign, when nothing more happens. */
  private Optional<StoredKey> newest(Transaction tx, SigningAlgorithm algorithm)
      throws SQLException {
    return tx.first(
        """
        select * from signing_key
        where alg = ? and removed_at is null and retired_at is null and activated_at is not null
        order by activated_at desc, kid limit 1
        """,
        this::read,
        algorithm.jwsName());
  }

  /** What came of a rotation: no key was due, or one was promoted, unless none is at hand. */
  private record Rotation(boolean lacksKey, Optional<StoredKey> promoted) {}

  @Override
  public Optional<StoredKey> rotate(
      SigningAlgorithm algorithm, Duration published, Instant olderThan, RotationRecord toRecord) {
    Rotation rotation = rotate(algorithm, published, olderThan, toRecord, Optional.empty());
    if (rotation.lacksKey()) {
      Optional<SigningKey> made = Optional.of(maker.make(algorithm));
      rotation = rotate(algorithm, published, olderThan, toRecord, made);
    }
    return rotation.promoted();
  }

  private Rotation rotate(
      SigningAlgorithm algorithm,
      Duration published,
      Instant olderThan,
      RotationRecord toRecord,
      Optional<SigningKey> made) {
    return transactions
        .write(
            tx -> {
              run(tx, LOCK);
              Optional<StoredKey> current = newest(tx, algorithm);
              if (current.filter(key -> !key.activation().isBefore(olderThan)).isPresent()) {
                return new Rotation(false, Optional.empty());
              }
              Optional<StoredKey> next = tx.first(STANDBY, this::read, algorithm.jwsName());
              if (next.isEmpty() && made.isPresent()) {
                next = Optional.of(insert(tx, made.get(), null));
              }
              if (next.isEmpty()) {
                return new Rotation(true, Optional.empty());
              }
              Instant now = clock.instant();
              Instant known = next.get().createdAt().plus(published);
              StoredKey promoted = promote(tx, next.get(), known.isAfter(now) ? known : now);
              records.append(tx, toRecord.of(promoted.kid()), null);
              return new Rotation(false, Optional.of(promoted));
            })
        .value();
  }

  private StoredKey promote(Transaction tx, StoredKey next, Instant from) throws SQLException {
    tx.update(
        """
        update signing_key set retired_at = ?
        where alg = ? and removed_at is null and retired_at is null and activated_at is not null
        """,
        from,
        next.key().algorithm().jwsName());
    tx.update("update signing_key set activated_at = ? where kid = ?", from, next.kid());
    run(tx, NOTIFY);
    return new StoredKey(next.key(), next.createdAt(), from, null);
  }

  @Override
  public Optional<Removed> remove(String kid, RotationRecord toRecord) {
    return transactions
        .write(
            tx -> {
              run(tx, LOCK);
              Optional<StoredKey> found =
                  tx.first(
                      "select * from signing_key where kid = ? and removed_at is null",
                      this::read,
                      kid);
              return found.isPresent()
                  ? Optional.of(remove(tx, found.get(), toRecord))
                  : unconfirmed(tx).stream().filter(known -> known.kid().equals(kid)).findFirst();
            })
        .value();
  }

  private Removed remove(Transaction tx, StoredKey key, RotationRecord toRecord)
      throws SQLException {
    Removed removed = new Removed(key.kid(), ids.next(IdPrefix.EVENT));
    tx.update(
        """
        update signing_key set removed_at = ?, private_jwk = ''::bytea, unconfirmed_revocation = ?
        where kid = ?
        """,
        clock.instant(),
        removed.eventId(),
        key.kid());
    ensureSigner(tx, key.key().algorithm());
    records.append(tx, toRecord.of(key.kid()), null);
    run(tx, NOTIFY);
    return removed;
  }

  /**
   * When none signs at this moment, the one signs that has been published for the longest.
   *
   * @return whether one signs
   */
  private boolean ensureSigner(Transaction tx, SigningAlgorithm algorithm) throws SQLException {
    Instant now = clock.instant();
    boolean signs =
        tx.first(
                """
                select 1 from signing_key
                where alg = ? and removed_at is null and activated_at <= ?
                  and (retired_at is null or retired_at > ?)
                limit 1
                """,
                row -> true,
                algorithm.jwsName(),
                now,
                now)
            .isPresent();
    if (signs) {
      return true;
    }
    int promoted =
        tx.update(
            """
          update signing_key set activated_at = ? where kid = (
            select kid from signing_key
            where alg = ? and removed_at is null and (activated_at is null or activated_at > ?)
            order by created_at, kid limit 1)
          """,
            now,
            algorithm.jwsName(),
            now);
    if (promoted > 0) {
      run(tx, NOTIFY);
    }
    return promoted > 0;
  }

  @Override
  public List<Removed> unconfirmed() {
    return transactions.read(PostgresKeyStore::unconfirmed);
  }

  private static List<Removed> unconfirmed(Transaction tx) throws SQLException {
    return tx.query(
        """
        select kid, unconfirmed_revocation from signing_key
        where unconfirmed_revocation is not null
        """,
        row -> new Removed(row.getString(1), row.getString(2)));
  }

  @Override
  public void confirm(Removed removed) {
    transactions.write(
        tx ->
            tx.update(
                "update signing_key set unconfirmed_revocation = null where kid = ?",
                removed.kid()));
  }

  private record Sealed(String kid, byte[] privateJwk) {}

  @Override
  public int rewrap() {
    return transactions
        .write(
            tx -> {
              run(tx, LOCK);
              int count = 0;
              for (Sealed sealed :
                  tx.query(
                      "select kid, private_jwk from signing_key where removed_at is null",
                      row -> new Sealed(row.getString(1), row.getBytes(2)))) {
                if (!encryption.isCurrent(sealed.privateJwk())) {
                  String plain = encryption.open(sealed.kid(), sealed.privateJwk());
                  tx.update(
                      "update signing_key set private_jwk = ? where kid = ?",
                      encryption.seal(sealed.kid(), plain),
                      sealed.kid());
                  count++;
                }
              }
              return count;
            })
        .value();
  }

  private StoredKey insert(Transaction tx, SigningKey key, @Nullable Instant from)
      throws SQLException {
    Instant now = clock.instant();
    tx.update(
        INSERT,
        key.kid(),
        key.algorithm().jwsName(),
        key.verificationKey().toJwk(),
        encryption.seal(key.kid(), key.toPrivateJwk()),
        now,
        from);
    return new StoredKey(key, now, from, null);
  }

  private StoredKey read(ResultSet row) throws SQLException {
    String kid = row.getString("kid");
    String privateJwk = encryption.open(kid, row.getBytes("private_jwk"));
    return new StoredKey(
        SigningKey.fromPrivateJwk(privateJwk),
        Rows.instant(row, "created_at"),
        Rows.instantOrNull(row, "activated_at"),
        Rows.instantOrNull(row, "retired_at"));
  }

  private static void run(Transaction tx, String sql) throws SQLException {
    try (PreparedStatement statement = tx.connection().prepareStatement(sql)) {
      statement.execute();
    }
  }
}
