package dev.relayauth.stack.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * The yardstick of the audit service: rows of audit records into a table that has nothing but their
 * columns, by COPY, a batch a transaction. No index, no tree, no parsing.
 */
final class BareCopy {
  private static final int BATCH = 5_000;
  private static final int BATCHES = 100;
  private static final String COLUMNS =
      "id, org, action, identity_id, workspace_id, plane, resource, result, sponsor_id,"
          + " sponsor_chain, metadata, ip, user_agent, request_id, token_id, session_id, timestamp,"
          + " leaf_index, leaf_salt";

  private final String jdbcUrl;

  BareCopy(String jdbcUrl) {
    this.jdbcUrl = jdbcUrl;
  }

  /** Rows a second. */
  double perSecond() throws IOException {
    byte[] batch = batch();
    try (Connection connection = DriverManager.getConnection(jdbcUrl, "postgres", "");
        Statement statement = connection.createStatement()) {
      statement.execute("drop table if exists audit.bench_copy");
      statement.execute(
          "create table audit.bench_copy (like audit.audit_record including defaults)");
      long began = System.nanoTime();
      for (int i = 0; i < BATCHES; i++) {
        copy(connection, batch);
      }
      double perSecond = BATCH * BATCHES / ((System.nanoTime() - began) / 1e9);
      statement.execute("drop table audit.bench_copy");
      return perSecond;
    } catch (SQLException e) {
      throw new IOException("the stack's own PostgreSQL is needed: " + e.getMessage(), e);
    }
  }

  private static void copy(Connection connection, byte[] batch) throws SQLException {
    CopyIn copy =
        connection
            .unwrap(PGConnection.class)
            .getCopyAPI()
            .copyIn("copy audit.bench_copy (" + COLUMNS + ") from stdin");
    copy.writeToCopy(batch, 0, batch.length);
    copy.endCopy();
  }

  private static byte[] batch() {
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < BATCH; i++) {
      rows.append(
          """
          aud_AAAAAAAAAAAAAAAAA%1$05d	org_bench	scope.checked	agent_%1$05d	ws_bench	stripe	orders	\
          allowed	user_bench	{user_bench,agent_%1$05d}	{"actorId":"ak_bench","decisionId":\
          "dec_AAAAAAAAAAAAAAAAA%1$05d","policyRevision":"1","reason":"granted","scope":\
          "stripe:orders:read","sessionId":"ses_%1$05d"}	127.0.0.1	relayauth-bench/1	\
          req_AAAAAAAAAAAAAAAAA%1$05d	tok_AAAAAAAAAAAAAAAAA%1$05d	ses_AAAAAAAAAAAAAAAAA%1$05d	\
          2026-01-31 12:00:00.123456+00	%1$d	\\\\x000102030405060708090a0b0c0d0e0f
          """
              .formatted(i));
    }
    return rows.toString().getBytes(UTF_8);
  }
}
