package dev.relayauth.audit.adapter.postgres;

import dev.relayauth.audit.domain.epoch.EpochReport;
import dev.relayauth.audit.domain.log.LogSink;
import dev.relayauth.audit.domain.log.Received;
import dev.relayauth.audit.domain.tree.TreeEdge;
import dev.relayauth.common.outbox.StorageException;
import dev.relayauth.common.outbox.Transaction;
import dev.relayauth.common.outbox.Transactions;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Stores batches by COPY, and appends them to the trees of their organisations. A batch with a row
 * that is there already, which happens when a producer sends twice, is refused by the primary key
 * and goes in again without it.
 */
@Singleton
public final class PostgresLogSink implements LogSink {
  private static final String MOVE =
      """
      insert into consumer_offset (topic, partition, next_offset) values (?, ?, ?)
      on conflict (topic, partition) do update set next_offset = excluded.next_offset
        where consumer_offset.next_offset = ?
      """;
  private static final String COPY =
      "copy audit_record (" + CopyRows.COLUMNS + ") from stdin (format binary)";

  private final Transactions transactions;
  private final AuditDays days;
  private final PostgresTrees trees;
  private final DeliveryQueue deliveries;
  private final MirroredLog mirror;
  private final SecureRandom random = new SecureRandom();

  PostgresLogSink(
      Transactions transactions,
      AuditDays days,
      PostgresTrees trees,
      DeliveryQueue deliveries,
      MirroredLog mirror) {
    this.transactions = transactions;
    this.days = days;
    this.trees = trees;
    this.deliveries = deliveries;
    this.mirror = mirror;
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
  public Prepared prepare(List<Received> records, List<EpochReport> reports) {
    return NewRows.of(records, reports, random);
  }

  @Override
  public boolean store(Prepared records, List<Span> spans) {
    NewRows rows = (NewRows) records;
    days.ensure(rows.days());
    try {
      return write(spans, rows);
    } catch (StorageException e) {
      if (!e.isUniqueViolation()) {
        days.forget();
        throw e;
      }
      return write(spans, unknown(rows));
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

  private boolean write(List<Span> spans, NewRows rows) {
    Map<String, TreeEdge> grown = new HashMap<>();
    boolean stored =
        transactions
            .write(
                tx -> {
                  for (Span span : spans) {
                    if (!move(tx, span)) {
                      // Offsets of other partitions that moved meanwhile move back with this.
                      tx.connection().rollback();
                      return false;
                    }
                  }
                  if (!rows.records().isEmpty()) {
                    grown.putAll(append(tx, rows));
                  }
                  rows.epochs().store(tx);
                  return true;
                })
            .value();
    trees.committed(grown);
    return stored;
  }

  private Map<String, TreeEdge> append(Transaction tx, NewRows rows) throws SQLException {
    Map<String, List<byte[]>> leaves = rows.leavesByOrg();
    PostgresTrees.Locked locked = trees.lock(tx, leaves.keySet());
    rows.number(new HashMap<>(locked.sizes()));
    copy(tx, rows.copy());
    Map<String, TreeEdge> grown = trees.append(tx, locked, leaves);
    deliveries.enqueue(tx, locked.withWebhooks(), rows.records());
    mirror.enqueue(tx, rows.records());
    ActionCounter counter = new ActionCounter();
    rows.records().forEach(counter::count);
    counter.store(tx);
    return grown;
  }

  /** What the log hasn't, each once. */
  private NewRows unknown(NewRows rows) {
    Set<StoredKeys.Key> known = transactions.read(tx -> StoredKeys.among(tx, rows.records()));
    Set<StoredKeys.Key> seen = new HashSet<>(known);
    return rows.only(row -> seen.add(StoredKeys.Key.of(row)), random);
  }

  private static boolean move(Transaction tx, Span span) throws SQLException {
    return tx.update(MOVE, span.topic(), span.partition(), span.next(), span.from()) == 1;
  }

  private static void copy(Transaction tx, CopyRows rows) throws SQLException {
    CopyIn copy = tx.connection().unwrap(PGConnection.class).getCopyAPI().copyIn(COPY);
    try {
      int length = rows.end();
      copy.writeToCopy(rows.bytes(), 0, length);
      copy.endCopy();
    } finally {
      if (copy.isActive()) {
        copy.cancelCopy();
      }
    }
  }
}
