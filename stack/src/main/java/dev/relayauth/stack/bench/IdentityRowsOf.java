package dev.relayauth.stack.bench;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/**
 * Rows of identities by SQL alone: one in ten under a human, and nine under each of those. Nothing
 * is published: the other services don't hear of them.
 */
final class IdentityRowsOf implements AutoCloseable {
  private static final String INSERT =
      """
      insert into identity.identity (id, org_id, name, type, status, sponsor_id, sponsor_chain,
          scopes, roles, issuer_scoped, metadata, created_at, updated_at, version)
      select %1$s(g), '%2$s', '%3$s' || g, 'agent', 'active', %4$s, %5$s,
             '{stripe:orders:read,github:repos:read}', '{}', false, '{"team":"bench"}',
             now() - g * interval '1 millisecond', now(), 1
        from generate_series(%6$d, %7$d) g
      """;

  private static final Duration GIVE_UP = Duration.ofMinutes(1);

  private final Connection connection;

  IdentityRowsOf(String jdbcUrl) throws IOException {
    try {
      this.connection = DriverManager.getConnection(jdbcUrl, "postgres", "");
    } catch (SQLException e) {
      throw new IOException("the stack's own PostgreSQL is needed: " + e.getMessage(), e);
    }
    execute("set synchronous_commit = off");
    execute("set maintenance_work_mem = '256MB'");
  }

  /** The id of the n-th. */
  static String id(String org, long n) {
    return "agent_" + org.substring(4) + "-" + n;
  }

  /** Puts that many there; the indexes are made anew afterwards, which takes half the time. */
  void fill(String org, int count) throws IOException {
    function("pg_temp.bench_id", org);
    Map<String, String> indexes = indexes();
    for (String name : indexes.keySet()) {
      execute("drop index identity." + name);
    }
    execute(
        INSERT.formatted(
            "pg_temp.bench_id",
            org,
            "bot-",
            "case when g % 10 = 0 or g < 10 then 'user_bench' else pg_temp.bench_id(g - g % 10) end",
            "case when g % 10 = 0 or g < 10 then array['user_bench', pg_temp.bench_id(g)]"
                + " else array['user_bench', pg_temp.bench_id(g - g % 10), pg_temp.bench_id(g)]"
                + " end",
            1,
            count));
    for (String definition : indexes.values()) {
      execute(definition);
    }
    execute("vacuum analyze identity.identity");
  }

  /** How each index but the primary key's is made, by its name. */
  private Map<String, String> indexes() throws IOException {
    Map<String, String> indexes = new TreeMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                """
                select indexname, indexdef from pg_indexes
                 where schemaname = 'identity' and tablename = 'identity'
                   and indexname <> 'identity_pkey'
                """)) {
      while (rows.next()) {
        indexes.put(rows.getString(1), rows.getString(2));
      }
    } catch (SQLException e) {
      throw new IOException(e);
    }
    return indexes;
  }

  /** A tree of that many under one root, three deep; the root's id. */
  String tree(String org, int count, int number) throws IOException {
    String tag = org + "-t" + number;
    function("pg_temp.tree_id", tag);
    execute(
        INSERT.formatted(
            "pg_temp.tree_id",
            org,
            "tree-" + number + "-",
            "case when g = 1 then 'user_bench' when g <= 101 then pg_temp.tree_id(1)"
                + " else pg_temp.tree_id(2 + g % 100) end",
            "case when g = 1 then array['user_bench', pg_temp.tree_id(1)]"
                + " when g <= 101 then array['user_bench', pg_temp.tree_id(1), pg_temp.tree_id(g)]"
                + " else array['user_bench', pg_temp.tree_id(1), pg_temp.tree_id(2 + g % 100),"
                + " pg_temp.tree_id(g)] end",
            1,
            count));
    return id(tag, 1);
  }

  /** Waits until the outbox is empty: what an earlier write publishes is no later one's cost. */
  void awaitPublished() throws IOException, InterruptedException {
    Instant giveUp = Instant.now().plus(GIVE_UP);
    while (isWaiting()) {
      if (Instant.now().isAfter(giveUp)) {
        throw new IOException("the outbox is not empty after " + GIVE_UP);
      }
      Thread.sleep(50);
    }
  }

  private boolean isWaiting() throws IOException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("select exists (select from identity.outbox)")) {
      return rows.next() && rows.getBoolean(1);
    } catch (SQLException e) {
      throw new IOException(e);
    }
  }

  /** How PostgreSQL would read a page of what {@code where} matches. */
  String plan(String org, String where) {
    String order = where.contains("@>") ? "" : " order by created_at desc, id desc limit 51";
    String sql =
        "explain select * from identity.identity where org_id = '" + org + "' and " + where + order;
    StringBuilder plan = new StringBuilder();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        plan.append(rows.getString(1)).append('\n');
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return plan.toString();
  }

  private void function(String name, String org) throws IOException {
    execute(
        ("create or replace function %s(n bigint) returns text language sql immutable"
                + " as $$ select '%s' || n $$")
            .formatted(name, id(org, 0).substring(0, id(org, 0).length() - 1)));
  }

  private void execute(String sql) throws IOException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IOException(e);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      System.err.println("the connection was gone already: " + e.getMessage());
    }
  }
}
