package dev.relayauth.audit.adapter.postgres;

import dev.relayauth.audit.domain.log.LogSink;
import dev.relayauth.common.event.AuditRecord;
import dev.relayauth.common.outbox.StorageException;
import dev.relayauth.common.outbox.Transaction;
import dev.relayauth.common.outbox.Transactions;
import jakarta.inject.Singleton;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalLong;
import org.postgresql.PGConnection;

/**
 * Stores batches by COPY. A batch with a row that is there already, which happens when a producer
 * sends twice, is refused by the primary key and goes in by way of a staging table.
 */
@Singleton
public final class PostgresLogSink implements LogSink {
  private static final String MOVE =
      """
      insert into consumer_offset (topic, partition, next_offset) values (?, ?, ?)
      on conflict (topic, partition) do update set next_offset = excluded.next_offset
        where consumer_offset.next_offset = ?
      """;
  private static final String STAGING =
      """
      create temp table if not exists audit_staging
        (like audit_record including defaults) on commit delete rows
      """;
  private static final String FROM_STAGING =
      """
      insert into audit_record select * from audit_staging on conflict do nothing
      returning org, (timestamp at time zone 'UTC')::date, action, result
      """;

  private final Transactions transactions;
  private final AuditDays days;

  PostgresLogSink(Transactions transactions, AuditDays days) {
    this.transactions = transactions;
    this.days = days;
  }

  /** How a batch goes in; returns false when an offset has moved. */
  @FunctionalInterface
  private interface Loader {
    void load(Transaction tx) throws SQLException;
  }

  @Override
  public OptionalLong offset(String topic, int partition) {
    String sql = "select next_offset from consumer_offset where topic = ? and partition = ?";
    return transactions
        .read(tx -> tx.first(sql, row -> row.getLong(1), topic, partition))
        .map(OptionalLong::of)
        .orElse(OptionalLong.empty());
  }

  @Override
  public boolean store(List<AuditRecord> records, List<Span> spans) {
    days.ensure(records.stream().map(AuditRecord::timestamp).toList());
    byte[] text = CopyText.of(records);
    try {
      return write(spans, tx -> copy(tx, records, text));
    } catch (StorageException e) {
      if (!e.isUniqueViolation()) {
        days.forget();
        throw e;
      }
      return write(spans, tx -> stage(tx, text));
    }
  }

  @Override
  public void reset(String topic, int partition, long next) {
    transactions.write(
        tx ->
            tx.update(
                "update consumer_offset set next_offset = ? where topic = ? and partition = ?",
                next,
                topic,
                partition));
  }

  private boolean write(List<Span> spans, Loader loader) {
    return transactions
        .write(
            tx -> {
              for (Span span : spans) {
                if (!move(tx, span)) {
                  // Offsets of other partitions that moved meanwhile move back with this.
                  tx.connection().rollback();
                  return false;
                }
              }
              loader.load(tx);
              return true;
            })
        .value();
  }

  private static boolean move(Transaction tx, Span span) throws SQLException {
    return tx.update(MOVE, span.topic(), span.partition(), span.next(), span.from()) == 1;
  }

  private static void copy(Transaction tx, List<AuditRecord> records, byte[] text)
      throws SQLException {
    if (records.isEmpty()) {
      return;
    }
    copyInto(tx, "audit_record", text);
    ActionCounter counter = new ActionCounter();
    records.forEach(counter::count);
    counter.store(tx);
  }

  private static void stage(Transaction tx, byte[] text) throws SQLException {
    tx.update(STAGING);
    copyInto(tx, "audit_staging", text);
    ActionCounter counter = new ActionCounter();
    tx.query(
        FROM_STAGING,
        row -> {
          counter.count(row);
          return true;
        });
    counter.store(tx);
  }

  private static void copyInto(Transaction tx, String table, byte[] text) throws SQLException {
    String sql = "copy " + table + " (" + CopyText.COLUMNS + ") from stdin";
    try {
      tx.connection()
          .unwrap(PGConnection.class)
          .getCopyAPI()
          .copyIn(sql, new ByteArrayInputStream(text));
    } catch (IOException e) {
      throw new SQLException("the copy broke off", "08006", e);
    }
  }
}
