package dev.relayauth.common.outbox;

import dev.relayauth.common.event.Topics;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * One transaction in progress: SQL with bound parameters, and the events to append before it
 * commits.
 */
public final class Transaction {
  private final Connection connection;
  private final InstantSource clock;
  private final List<Pending> pending = new ArrayList<>();
  private boolean ordered;

  Transaction(Connection connection, InstantSource clock) {
    this.connection = connection;
    this.clock = clock;
  }

  /** An event whose payload may name its own sequence, known only just before the commit. */
  record Pending(OutboxEvent event, LongFunction<byte[]> data) {}

  /** Reads one row into a value. */
  @FunctionalInterface
  public interface RowReader<T> {
    /** Reads the row that {@code row} stands on. */
    T read(ResultSet row) throws SQLException;
  }

  /** Appends an event whose payload names its own sequence. */
  public void publish(OutboxEvent event, LongFunction<byte[]> data) {
    ordered |= !Topics.isAudit(event.topic());
    pending.add(new Pending(event, data));
  }

  /** Appends an event. */
  public void publish(OutboxEvent event, byte[] data) {
    publish(event, sequence -> data);
  }

  /** Runs a statement and returns how many rows it changed. */
  public int update(String sql, @Nullable Object... parameters) throws SQLException {
    try (PreparedStatement statement = prepare(sql, parameters)) {
      return statement.executeUpdate();
    }
  }

  /** Runs a query and reads every row. */
  public <T> List<T> query(String sql, RowReader<T> reader, @Nullable Object... parameters)
      throws SQLException {
    try (PreparedStatement statement = prepare(sql, parameters);
        ResultSet rows = statement.executeQuery()) {
      List<T> result = new ArrayList<>();
      while (rows.next()) {
        result.add(reader.read(rows));
      }
      return result;
    }
  }

  /** Runs a query and reads its first row. */
  public <T> Optional<T> first(String sql, RowReader<T> reader, @Nullable Object... parameters)
      throws SQLException {
    return query(sql, reader, parameters).stream().findFirst();
  }

  /** The connection, for what this class has no method for. */
  public Connection connection() {
    return connection;
  }

  /** The clock that events are stamped with. */
  public InstantSource clock() {
    return clock;
  }

  List<Pending> pending() {
    return Collections.unmodifiableList(pending);
  }

  boolean isOrdered() {
    return ordered;
  }

  private PreparedStatement prepare(String sql, @Nullable Object... parameters)
      throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    for (int i = 0; i < parameters.length; i++) {
      Parameters.bind(statement, i + 1, parameters[i]);
    }
    return statement;
  }
}
