package dev.relayauth.common.outbox;

import dev.relayauth.common.event.CloudEvent;
import dev.relayauth.common.event.Topics;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The rows of the outbox: appended in a transaction, read in order and deleted by the relay. */
public final class OutboxRows {
  private static final String INSERT =
      """
      insert into outbox (seq, topic, key, id, source, type, subject, time, traceparent, data)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """;
  private static final String HEAD =
      """
      insert into feed_head (topic, seq) values (?, ?)
      on conflict (topic) do update set seq = excluded.seq where feed_head.seq < excluded.seq
      """;

  /** From so many rows on COPY is worth its round trips. */
  private static final int MANY = 200;

  private static final String SELECT = "select * from outbox order by seq limit ?";

  private OutboxRows() {}

  /** A row and the topic it is for. */
  record Row(String topic, CloudEvent event) {}

  static long insert(Connection connection, List<Transaction.Pending> events) throws SQLException {
    long[] sequences = sequences(connection, events.size());
    if (sequences.length < MANY) {
      insert(connection, events, sequences);
    } else {
      copy(connection, events, sequences);
    }
    Map<String, Long> heads = new HashMap<>();
    for (int i = 0; i < sequences.length; i++) {
      heads.put(events.get(i).event().topic(), sequences[i]);
    }
    // Audit records are no feed that anyone waits for, and their sequences take no lock.
    heads.keySet().removeIf(Topics::isAudit);
    for (Map.Entry<String, Long> head : heads.entrySet()) {
      advance(connection, head.getKey(), head.getValue());
    }
    return heads.values().stream().mapToLong(Long::longValue).max().orElse(0);
  }

  private static void insert(
      Connection connection, List<Transaction.Pending> events, long[] sequences)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
      for (int i = 0; i < sequences.length; i++) {
        Transaction.Pending pending = events.get(i);
        bind(statement, sequences[i], pending.event(), pending.data().apply(sequences[i]));
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  private static void copy(
      Connection connection, List<Transaction.Pending> events, long[] sequences)
      throws SQLException {
    // All of it first: nothing else may go wrong while a copy is under way.
    byte[][] data = new byte[sequences.length][];
    for (int i = 0; i < sequences.length; i++) {
      data[i] = events.get(i).data().apply(sequences[i]);
    }
    OutboxCopy copy = OutboxCopy.begin(connection);
    for (int i = 0; i < sequences.length; i++) {
      copy.add(sequences[i], events.get(i).event(), data[i]);
    }
    copy.end();
  }

  /** Takes {@code count} sequences in ascending order. */
  public static long[] sequences(Connection connection, int count) throws SQLException {
    String sql = "select next_sequences(?)";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setInt(1, count);
      try (ResultSet rows = statement.executeQuery()) {
        long[] result = new long[count];
        for (int i = 0; rows.next(); i++) {
          result[i] = rows.getLong(1);
        }
        return result;
      }
    }
  }

  /** Binds the ten columns of an insert. */
  public static void bind(
      PreparedStatement statement, long sequence, OutboxEvent event, byte @Nullable [] data)
      throws SQLException {
    statement.setLong(1, sequence);
    statement.setString(2, event.topic());
    statement.setString(3, event.key());
    statement.setString(4, event.id());
    statement.setString(5, event.source());
    statement.setString(6, event.type());
    statement.setString(7, event.subject());
    statement.setObject(8, OffsetDateTime.ofInstant(event.time(), ZoneOffset.UTC));
    statement.setString(9, event.traceparent());
    statement.setBytes(10, data);
  }

  static List<Row> next(Connection connection, int limit) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(SELECT)) {
      statement.setInt(1, limit);
      try (ResultSet rows = statement.executeQuery()) {
        List<Row> result = new ArrayList<>();
        while (rows.next()) {
          result.add(read(rows));
        }
        return result;
      }
    }
  }

  static void delete(Connection connection, List<Row> published) throws SQLException {
    Long[] sequences = published.stream().map(row -> row.event().sequence()).toArray(Long[]::new);
    try (PreparedStatement statement =
        connection.prepareStatement("delete from outbox where seq = any(?)")) {
      statement.setArray(1, connection.createArrayOf("bigint", sequences));
      statement.executeUpdate();
    }
  }

  private static Row read(ResultSet row) throws SQLException {
    return new Row(
        row.getString("topic"),
        new CloudEvent(
            row.getString("id"),
            row.getString("source"),
            row.getString("type"),
            row.getString("subject"),
            row.getString("key"),
            Rows.instant(row, "time"),
            row.getLong("seq"),
            row.getString("traceparent"),
            row.getBytes("data")));
  }

  private static void advance(Connection connection, String topic, long sequence)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(HEAD)) {
      statement.setString(1, topic);
      statement.setLong(2, sequence);
      statement.executeUpdate();
    }
  }
}
