package dev.relayauth.stack.bench;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The budget ledger of one organisation as its rows tell it, from the first entry on. */
final class LedgerHistory implements AutoCloseable {
  /** A counter's entries are in the order of its commits: each is written under its lock. */
  private static final String HIGHEST =
      """
      select coalesce(max(counted), 0), coalesce(min(counted), 0) from (
        select sum(case pot when 'room' then 0 else amount end)
                 over (order by n rows unbounded preceding) as counted, n,
               row_number() over (order by n) as place
          from policy.budget_entry where org_id = ? and key = ?) running
       where place % 2 = 0
      """;

  private static final String ONE_SIDED =
      """
      select count(*) from (
        select sum(amount) as total, count(*) as halves from policy.budget_entry
         where org_id = ? group by key, bucket, kind, ref) movements
       where total <> 0 or halves % 2 <> 0
      """;
  private static final String DRIFTED =
      """
      select count(*) from policy.budget_usage u where org_id = ? and (
        held <> (select coalesce(sum(amount), 0) from policy.budget_entry e
                  where e.org_id = u.org_id and e.key = u.key and e.bucket = u.bucket
                    and e.pot = 'held')
        or spent <> (select coalesce(sum(amount), 0) from policy.budget_entry e
                  where e.org_id = u.org_id and e.key = u.key and e.bucket = u.bucket
                    and e.pot = 'spent'))
      """;
  private static final String OVERCREDITED =
      "select count(*) from policy.budget_share where org_id = ? and credited > greatest(spent, 0)";
  private static final String UNRESOLVED =
      "select count(*) from policy.budget_operation where org_id = ? and status = 'reserved'";
  private static final String COUNTED_TWICE =
      """
      select count(*) from (
        select o.id from policy.budget_operation o
          join policy.budget_entry e on e.org_id = o.org_id and e.ref = o.id
         where o.org_id = ? and o.kind <> 'credit'
         group by o.id, o.settled, e.key
        having sum(case e.pot when 'spent' then e.amount else 0 end) <> coalesce(o.settled, 0)
           and not bool_or(e.pot = 'spent' and e.kind in ('committed', 'voided'))
      ) wrong
      """;
  private static final String SUM =
      "select coalesce(sum(%s), 0) from policy.budget_usage where org_id = ? and key = ?";
  private static final String LOST =
      """
      select coalesce(sum(amount), 0) from policy.budget_entry
       where org_id = ? and key = ? and kind = 'lost' and pot = 'spent'
      """;

  private final Connection connection;
  private final String org;

  LedgerHistory(String jdbcUrl, String org) throws IOException {
    this.org = org;
    try {
      this.connection = DriverManager.getConnection(jdbcUrl, "postgres", "");
    } catch (SQLException e) {
      throw new IOException("the stack's own PostgreSQL is needed: " + e.getMessage(), e);
    }
  }

  /** All that is wrong; empty when every rule held from the first entry to the last. */
  List<String> faults(String key, long limit) throws IOException {
    List<String> faults = new ArrayList<>();
    long highest = number(HIGHEST, 1, org, key);
    long lowest = number(HIGHEST, 2, org, key);
    if (highest > limit || lowest < 0) {
      faults.add(key + ": counted from " + lowest + " to " + highest + " of " + limit);
    }
    expectNone(faults, "movements whose halves don't sum to zero", ONE_SIDED);
    expectNone(faults, "sums that their entries don't make", DRIFTED);
    expectNone(faults, "credits beyond what was spent", OVERCREDITED);
    expectNone(faults, "reservations that never resolved", UNRESOLVED);
    expectNone(faults, "operations that don't count once", COUNTED_TWICE);
    return faults;
  }

  private void expectNone(List<String> faults, String what, String sql) throws IOException {
    long found = number(sql, 1, org);
    if (found != 0) {
      faults.add(found + " " + what);
    }
  }

  /** What is spent of a counter. */
  long spent(String key) throws IOException {
    return number(SUM.formatted("spent"), 1, org, key);
  }

  /** What is leased or reserved of a counter. */
  long held(String key) throws IOException {
    return number(SUM.formatted("held"), 1, org, key);
  }

  /** What was charged for replicas that died. */
  long lost(String key) throws IOException {
    return number(LOST, 1, org, key);
  }

  private long number(String sql, int column, String... arguments) throws IOException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int at = 0; at < arguments.length; at++) {
        statement.setString(at + 1, arguments[at]);
      }
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getLong(column);
      }
    } catch (SQLException e) {
      throw new IOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IOException(e);
    }
  }
}
