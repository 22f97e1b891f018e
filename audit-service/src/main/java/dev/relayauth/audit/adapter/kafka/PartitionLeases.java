package dev.relayauth.audit.adapter.kafka;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import javax.sql.DataSource;
import org.jboss.logging.Logger;

/**
 * Which partitions this replica reads: those whose advisory lock it got, and no more than its share
 * among the replicas that were seen lately. The locks live and die with one connection. They only
 * keep replicas from doing work twice; what is stored once is the offsets' affair.
 */
final class PartitionLeases implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(PartitionLeases.class);
  private static final int LOCK = 0x41554450;
  private static final String SEEN =
      """
      insert into consumer_member (node, seen_at) values (?, clock_timestamp())
      on conflict (node) do update set seen_at = excluded.seen_at
      """;
  private static final String MEMBERS =
      "select count(*) from consumer_member where seen_at > clock_timestamp() - interval '5 s'";
  private static final String LEAVE = "delete from consumer_member where node = ?";
  private static final String TAKE = "select pg_try_advisory_lock(?, ?)";
  private static final String GIVE_BACK = "select pg_advisory_unlock(?, ?)";

  private final Connection connection;
  private final String node;
  private final TreeSet<Integer> held = new TreeSet<>();

  PartitionLeases(DataSource dataSource, String node) throws SQLException {
    this.connection = dataSource.getConnection();
    this.node = node;
  }

  /**
   * Asks for partitions up to the share, and gives back what is over it; throws when the
   * connection, and so every lock, is gone. What is given back must not be read any more.
   */
  Set<Integer> renew(Collection<Integer> partitions) throws SQLException {
    int share = Math.ceilDiv(partitions.size(), Math.max(1, members()));
    while (held.size() > share) {
      int last = held.last();
      held.remove(last);
      lock(GIVE_BACK, last);
    }
    for (int partition : partitions) {
      if (held.size() < share && !held.contains(partition) && lock(TAKE, partition)) {
        held.add(partition);
      }
    }
    return Set.copyOf(held);
  }

  @Override
  public void close() {
    try (connection;
        PreparedStatement leave = connection.prepareStatement(LEAVE);
        PreparedStatement unlock = connection.prepareStatement("select pg_advisory_unlock_all()")) {
      leave.setString(1, node);
      leave.executeUpdate();
      unlock.execute();
    } catch (SQLException e) {
      LOG.debugf("the leases went with their connection: %s", e.getMessage());
    }
  }

  private int members() throws SQLException {
    try (PreparedStatement seen = connection.prepareStatement(SEEN);
        PreparedStatement count = connection.prepareStatement(MEMBERS)) {
      seen.setString(1, node);
      seen.executeUpdate();
      try (ResultSet row = count.executeQuery()) {
        return row.next() ? row.getInt(1) : 1;
      }
    }
  }

  private boolean lock(String sql, int partition) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setInt(1, LOCK);
      statement.setInt(2, partition);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() && row.getBoolean(1);
      }
    }
  }
}
