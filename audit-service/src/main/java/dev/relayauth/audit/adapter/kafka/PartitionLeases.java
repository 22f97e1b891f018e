package dev.relayauth.audit.adapter.kafka;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import javax.sql.DataSource;
import org.jboss.logging.Logger;

/**
 * Which partitions this replica reads: those whose advisory lock it got. The locks live and die
 * with one connection. They only keep replicas from doing work twice; what is stored once is the
 * offsets' affair.
 */
final class PartitionLeases implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(PartitionLeases.class);
  private static final int LOCK = 0x41554450;

  private final Connection connection;
  private final Set<Integer> held = new TreeSet<>();

  PartitionLeases(DataSource dataSource) throws SQLException {
    this.connection = dataSource.getConnection();
  }

  /**
   * Asks for the partitions not held yet; throws when the connection, and so every lock, is gone.
   */
  Set<Integer> renew(Collection<Integer> partitions) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("select 1");
    }
    for (int partition : partitions) {
      if (!held.contains(partition) && lock(partition)) {
        held.add(partition);
      }
    }
    return Set.copyOf(held);
  }

  @Override
  public void close() {
    try (connection;
        Statement statement = connection.createStatement()) {
      statement.execute("select pg_advisory_unlock_all()");
    } catch (SQLException e) {
      LOG.debugf("the leases went with their connection: %s", e.getMessage());
    }
  }

  private boolean lock(int partition) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("select pg_try_advisory_lock(?, ?)")) {
      statement.setInt(1, LOCK);
      statement.setInt(2, partition);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() && row.getBoolean(1);
      }
    }
  }
}
