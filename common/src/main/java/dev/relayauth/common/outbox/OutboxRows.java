package dev.relayauth.common.outbox;

import dev.relayauth.common.event.CloudEvent;
import dev.relayauth.common.event.Topics;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The rows of the outbox: appended in a transaction, read in order and deleted by the relay. */
public final class OutboxRows {
  /** Rows, heads and the word to the relay in one round trip: the sequence lock is held. */
  private static final String INSERT =
      """
      with appended as (
        insert into outbox (seq, topic, key, id, source, type, subject, time, traceparent, data)
        select seq, topic, key, id, source, type, subject, time::timestamptz, traceparent, data
        from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          as row (seq, topic, key, id, source, type, subject, time, traceparent, data)
      )
      """;

  private static final String ADVANCE =
      """
      , advanced as (
        insert into feed_head (topic, seq) select * from unnest(?, ?)
        on conflict (topic) do update set seq = excluded.seq where feed_head.seq < excluded.seq
      )
      """;

  private static final String WAKE =
      "select pg_notify('relayauth_outbox_' || current_schema(), '')";

  private static final List<Function<OutboxEvent, @Nullable String>> TEXTS =
      List.of(
          OutboxEvent::topic,
          OutboxEvent::key,
          OutboxEvent::id,
          OutboxEvent::source,
          OutboxEvent::type,
          OutboxEvent::subject,
          event -> event.time().toString(),
          OutboxEvent::traceparent);

  /** From so many rows on COPY is worth its round trips. */
  private static final int MANY = 200;

  private static final String SELECT = "select * from outbox order by seq limit ?";

  private OutboxRows() {}

  /** A row and the topic it is for. */
  record Row(String topic, CloudEvent event) {}

  /**
   * Appends the events, advances the heads of their feeds and wakes the relay.
   *
   * @param ordered takes the sequence lock first, so that commit order is sequence order
   * @return the last sequence of a feed; 0 when there are audit records alone
   */
  static long insert(Connection connection, List<Transaction.Pending> events, boolean ordered)
      throws SQLException {
    long[] sequences =
        ordered
            ? orderedSequences(connection, events.size())
            : sequences(connection, events.size());
    Map<String, Long> heads = new HashMap<>();
    for (int i = 0; i < sequences.length; i++) {
      heads.put(events.get(i).event().topic(), sequences[i]);
    }
    // Audit records are no feed that anyone waits for, and their sequences take no lock.
    heads.keySet().removeIf(Topics::isAudit);
    boolean few = sequences.length < MANY;
    byte[][] data = data(events, sequences);
    if (!few) {
      copy(connection, events, sequences, data);
    }
    String rows = few ? INSERT : "with nothing as (select 1)";
    String sql = rows + (heads.isEmpty() ? "" : ADVANCE) + WAKE;
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      int next = few ? bind(statement, events, sequences, data) : 1;
      if (!heads.isEmpty()) {
        String[] topics = heads.keySet().toArray(String[]::new);
        Long[] numbers = heads.values().toArray(Long[]::new);
        statement.setArray(next, connection.createArrayOf("text", topics));
        statement.setArray(next + 1, connection.createArrayOf("bigint", numbers));
      }
      statement.execute();
    }
    return heads.values().stream().mapToLong(Long::longValue).max().orElse(0);
  }

  private static byte[][] data(List<Transaction.Pending> events, long[] sequences) {
    byte[][] data = new byte[sequences.length][];
    for (int i = 0; i < sequences.length; i++) {
      data[i] = events.get(i).data().apply(sequences[i]);
    }
    return data;
  }

  /** Binds the columns of the rows as arrays; returns the number of the next parameter. */
  private static int bind(
      PreparedStatement statement,
      List<Transaction.Pending> events,
      long[] sequences,
      byte[][] data)
      throws SQLException {
    List<OutboxEvent> rows = events.stream().map(Transaction.Pending::event).toList();
    Connection connection = statement.getConnection();
    statement.setArray(
        1,
        connection.createArrayOf("bigint", Arrays.stream(sequences).boxed().toArray(Long[]::new)));
    int next = 2;
    for (Function<OutboxEvent, @Nullable String> column : TEXTS) {
      statement.setArray(
          next++, connection.createArrayOf("text", rows.stream().map(column).toArray()));
    }
    statement.setArray(next, connection.createArrayOf("bytea", data));
    return next + 1;
  }

  private static void copy(
      Connection connection, List<Transaction.Pending> events, long[] sequences, byte[][] data)
      throws SQLException {
    OutboxCopy copy = OutboxCopy.begin(connection);
    for (int i = 0; i < sequences.length; i++) {
      copy.add(sequences[i], events.get(i).event(), data[i]);
    }
    copy.end();
  }

  /** Takes {@code count} sequences in ascending order. */
  public static long[] sequences(Connection connection, int count) throws SQLException {
    return sequences(connection, "select next_sequences(?)", count);
  }

  private static long[] orderedSequences(Connection connection, int count) throws SQLException {
    return sequences(
        connection, "select next_ordered_sequences(" + Transactions.SEQUENCE_LOCK + ", ?)", count);
  }

  private static long[] sequences(Connection connection, String sql, int count)
      throws SQLException {
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
}
