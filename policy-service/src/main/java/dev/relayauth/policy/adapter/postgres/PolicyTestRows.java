package dev.relayauth.policy.adapter.postgres;

import dev.relayauth.common.outbox.Rows;
import dev.relayauth.common.outbox.Transaction;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The rows of policy tests. Every method works inside the transaction it is given. */
@Singleton
public final class PolicyTestRows {
  private static final String PUT =
      """
      insert into policy_test (org_id, name, yaml, created_at, updated_at, updated_by)
      values (?, ?, ?, ?, ?, ?)
      on conflict (org_id, name) do update
         set yaml = excluded.yaml, updated_at = excluded.updated_at,
             updated_by = excluded.updated_by
      returning *
      """;
  private static final String ALL = "select * from policy_test where org_id = ? order by name";
  private static final String FIND = "select * from policy_test where org_id = ? and name = ?";
  private static final String DELETE = "delete from policy_test where org_id = ? and name = ?";

  /** A test as it is kept. */
  public record Row(
      String orgId,
      String name,
      String yaml,
      Instant createdAt,
      Instant updatedAt,
      String updatedBy) {}

  /** Writes a test, in place of the one of its name. */
  public Row put(Transaction tx, String org, String name, String yaml, Instant now, String by)
      throws SQLException {
    return tx.first(PUT, PolicyTestRows::read, org, name, yaml, now, now, by).orElseThrow();
  }

  /** All tests of an organisation. */
  public List<Row> all(Transaction tx, String org) throws SQLException {
    return tx.query(ALL, PolicyTestRows::read, org);
  }

  /** One test. */
  public Optional<Row> find(Transaction tx, String org, String name) throws SQLException {
    return tx.first(FIND, PolicyTestRows::read, org, name);
  }

  /** Deletes a test; false when there is none. */
  public boolean delete(Transaction tx, String org, String name) throws SQLException {
    return tx.update(DELETE, org, name) == 1;
  }

  private static Row read(ResultSet row) throws SQLException {
    return new Row(
        row.getString("org_id"),
        row.getString("name"),
        row.getString("yaml"),
        Rows.instant(row, "created_at"),
        Rows.instant(row, "updated_at"),
        row.getString("updated_by"));
  }
}
