package dev.relayauth.common.outbox;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import javax.sql.DataSource;

/**
 * Runs work in one PostgreSQL transaction whose events commit with it.
 *
 * <p>Events of a compacted topic take their sequence under an advisory lock just before the commit,
 * so that commit order is sequence order. Blocking: never call it from an event loop.
 */
@Singleton
public final class Transactions {
  static final int SEQUENCE_LOCK = 0x52415345;

  private final DataSource dataSource;
  private final InstantSource clock;

  Transactions(DataSource dataSource, InstantSource clock) {
    this.dataSource = dataSource;
    this.clock = clock;
  }

  /** Work inside a transaction. */
  @FunctionalInterface
  public interface Work<T> {
    /** Does the work; an exception rolls everything back. */
    T run(Transaction transaction) throws SQLException;
  }

  /** What the work returned, and the sequence of its last event; 0 when it had none. */
  public record Committed<T>(T value, long sequence) {}

  /**
   * Runs the work and commits it with its events.
   *
   * @throws StorageException when the database refuses or is away; nothing was committed, unless
   *     the connection broke during the commit itself
   */
  public <T> Committed<T> write(Work<T> work) {
    try (Connection connection = dataSource.getConnection()) {
      connection.setAutoCommit(false);
      try {
        Transaction transaction = new Transaction(connection, clock);
        T value = work.run(transaction);
        long sequence = append(connection, transaction);
        connection.commit();
        return new Committed<>(value, sequence);
      } catch (SQLException | RuntimeException e) {
        connection.rollback();
        throw e;
      } finally {
        connection.setAutoCommit(true);
      }
    } catch (SQLException e) {
      throw new StorageException(e);
    }
  }

  /** Runs queries in a read-only transaction of one snapshot. */
  public <T> T read(Work<T> work) {
    try (Connection connection = dataSource.getConnection()) {
      return work.run(new Transaction(connection, clock));
    } catch (SQLException e) {
      throw new StorageException(e);
    }
  }

  private static long append(Connection connection, Transaction transaction) throws SQLException {
    return transaction.pending().isEmpty()
        ? 0
        : OutboxRows.insert(connection, transaction.pending(), transaction.isOrdered());
  }
}
