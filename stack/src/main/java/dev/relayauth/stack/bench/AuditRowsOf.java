package dev.relayauth.stack.bench;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * Audit records by SQL alone, spread over five days that are over: five thousand agents of five
 * hundred humans, fifty thousand sessions and as many tokens, one record in fifty denied, and of
 * each kind of value one that is nearly never seen. They have places in no tree.
 */
final class AuditRowsOf implements AutoCloseable {
  static final int DAYS = 5;

  private static final int LAST_DAY_AGO = 9;
  private static final String ROWS =
      """
      insert into audit.%1$s (id, org, action, identity_id, workspace_id, plane, resource, result,
        sponsor_id, sponsor_chain, metadata, ip, user_agent, request_id, token_id, session_id,
        timestamp, leaf_index, leaf_salt)
      select 'aud_' || md5(g || '%2$s'), '%2$s',
        case when g %% 1000003 = 5 then 'role.rare' else 'scope.checked' end,
        'agent_' || g %% 5000,
        case when g %% 1000003 = 5 then 'ws_rare' else 'ws_' || g %% 50 end,
        case when g %% 1000003 = 5 then 'rare' else 'plane-' || g %% 20 end,
        'orders',
        case when g %% 10007 = 5 then 'error' when g %% 50 = 0 then 'denied' else 'allowed' end,
        'user_' || g %% 500, array['user_' || g %% 500, 'agent_' || g %% 5000],
        json_build_object('scope', 'stripe:orders:read', 'reason', 'granted', 'decisionId',
          'dec_' || md5(g::text), 'policyRevision', '1', 'actorId', 'ak_bench', 'sessionId',
          'sess_' || g %% 50000),
        '127.0.0.1', 'relayauth-bench/1', 'req_' || md5(g::text), 'tok_' || g %% 50000,
        'sess_' || g %% 50000, '%3$s 00:00:00+00'::timestamptz + g * interval '%4$d microseconds',
        %5$d + g, decode(md5(g || 'salt'), 'hex')
      from generate_series(0, %6$d - 1) g
      """;

  private final Connection connection;

  AuditRowsOf(String jdbcUrl) throws IOException {
    try {
      this.connection = DriverManager.getConnection(jdbcUrl, "postgres", "");
    } catch (SQLException e) {
      throw new IOException("the stack's own PostgreSQL is needed: " + e.getMessage(), e);
    }
  }

  /** The first of the days. */
  static LocalDate firstDay() {
    return LocalDate.now(ZoneOffset.UTC).minusDays(LAST_DAY_AGO + DAYS - 1L);
  }

  /** Puts that many there: each day aside first, then with its indexes made at once. */
  void fill(String org, int count) throws IOException {
    execute("set maintenance_work_mem = '256MB'");
    int each = count / DAYS;
    long step = 86_400_000_000L / each;
    for (int i = 0; i < DAYS; i++) {
      LocalDate day = firstDay().plusDays(i);
      String table = "audit_record_" + day.format(DateTimeFormatter.BASIC_ISO_DATE);
      execute(
          "create table audit.%s (like audit.audit_record including defaults)".formatted(table));
      execute(ROWS.formatted(table, org, day, step, (long) i * each, each));
      execute(
          "alter table audit.audit_record attach partition audit.%s for values from ('%s 00:00:00+00') to ('%s 00:00:00+00')"
              .formatted(table, day, day.plusDays(1)));
    }
    execute("vacuum analyze audit.audit_record");
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      System.err.println("the connection was gone already: " + e.getMessage());
    }
  }

  private void execute(String sql) throws IOException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IOException(e);
    }
  }
}
