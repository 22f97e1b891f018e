package dev.relayauth.token.adapter.postgres;

import dev.relayauth.common.json.Json;
import dev.relayauth.common.outbox.OutboxEvent;
import dev.relayauth.token.domain.issuing.Derivation;
import dev.relayauth.token.domain.issuing.Issuance;
import dev.relayauth.token.domain.issuing.IssuedToken;
import dev.relayauth.token.domain.issuing.Session;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Issues as rows: sessions, tokens and the events of their audit records in one statement, however
 * many. On a busy machine each round trip to the database waits for its turn on a processor; a
 * statement of its own is a transaction as well, and takes one.
 */
final class IssueRows {
  private static final List<Column> SESSION =
      List.of(
          text("sid", row -> row.session().sid()),
          text("org", row -> row.session().org()),
          text("identity_id", row -> row.session().identityId()),
          text("workspace_id", row -> row.session().workspaceId()),
          texts("sponsor_chain", row -> row.session().sponsorChain()),
          text("client_id", row -> row.session().clientId()),
          texts("scopes", row -> row.session().scopes()),
          texts("audience", row -> row.session().audience()),
          texts("lineage", row -> row.session().lineage()),
          text("parent_token_id", row -> row.derivation().parentTokenId()),
          text("token_class", row -> tokenClass(row.derivation())),
          texts("paths", row -> row.derivation().paths()),
          text("act", row -> act(row.derivation())),
          new Column(
              "access_ttl_seconds", "int8", "", row -> row.session().accessTtl().toSeconds()),
          time("created_at", row -> row.session().createdAt()),
          time("refresh_expires_at", row -> row.session().refreshExpiresAt()),
          time("expires_at", row -> row.session().expiresAt()),
          texts("may_act", row -> row.derivation().mayAct()),
          text("jkt", row -> row.derivation().jkt()));

  private static final List<Column> TOKEN =
      List.of(
          text("jti", row -> row.token().jti()),
          text("sid", row -> row.token().sid()),
          text("org", row -> row.token().org()),
          new Column("generation", "int4", "", row -> row.token().generation()),
          time("issued_at", row -> row.token().issuedAt()),
          time("expires_at", row -> row.token().expiresAt()),
          new Column("rev", "int8", "", row -> row.token().rev()),
          text("refresh_hash", row -> row.token().refreshHash()),
          text("kid", row -> row.token().kid()),
          new Column("status_list", "int4", "", IssueRows::list),
          new Column("status_idx", "int4", "", IssueRows::index),
          new Column("remaining", "text", "::numeric", IssueRows::remaining));

  private static final List<Column> OUTBOX =
      List.of(
          text("topic", row -> row.event().topic()),
          text("key", row -> row.event().key()),
          text("id", row -> row.event().id()),
          text("source", row -> row.event().source()),
          text("type", row -> row.event().type()),
          text("subject", row -> row.event().subject()),
          time("time", row -> row.event().time()),
          text("traceparent", row -> row.event().traceparent()),
          new Column("data", "bytea", "", Row::data));

  private static final String INSERT =
      "with s as ("
          + insert("session", SESSION, "")
          + "), t as ("
          + insert("token", TOKEN, "")
          + "), o as ("
          + insert("outbox", OUTBOX, "seq")
          + ") select pg_notify('relayauth_outbox_' || current_schema(), '')";

  private IssueRows() {}

  /** An issue, and the event that tells of it. */
  record Row(Issuance issuance, OutboxEvent event, byte[] data) {
    Session session() {
      return issuance.session();
    }

    Derivation derivation() {
      return issuance.session().derivation();
    }

    IssuedToken token() {
      return issuance.token();
    }
  }

  /**
   * A column and its values, which go to the database as an array.
   *
   * @param type the type of an element there
   * @param cast what makes the column's value of an element
   */
  private record Column(
      String name, String type, String cast, Function<Row, @Nullable Object> value) {
    Object[] values(List<Row> rows) {
      return switch (type) {
        case "int8" -> rows.stream().map(value).toArray(Long[]::new);
        case "int4" -> rows.stream().map(value).toArray(Integer[]::new);
        case "bytea" -> rows.stream().map(value).toArray(byte[][]::new);
        default -> rows.stream().map(value).toArray(String[]::new);
      };
    }
  }

  /** Stores them all, or none: in a transaction of its own when the connection has none. */
  static void insert(Connection connection, List<Row> rows) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
      int next = bind(statement, 1, SESSION, rows);
      next = bind(statement, next, TOKEN, rows);
      statement.setInt(next, rows.size());
      bind(statement, next + 1, OUTBOX, rows);
      statement.execute();
    }
  }

  private static int bind(
      PreparedStatement statement, int first, List<Column> columns, List<Row> rows)
      throws SQLException {
    int next = first;
    for (Column column : columns) {
      statement.setArray(
          next++, statement.getConnection().createArrayOf(column.type(), column.values(rows)));
    }
    return next;
  }

  private static String insert(String table, List<Column> columns, String numbered) {
    String names = columns.stream().map(Column::name).collect(Collectors.joining(", "));
    String values =
        columns.stream()
            .map(column -> column.name() + column.cast())
            .collect(Collectors.joining(", "));
    String arrays = columns.stream().map(column -> "?").collect(Collectors.joining(", "));
    return numbered.isEmpty()
        ? "insert into %s (%s) select %s from unnest(%s) as issued(%s)"
            .formatted(table, names, values, arrays, names)
        : "insert into %s (%s, %s) select %s, %s from rows from (next_sequences(?), unnest(%s)) as issued(%s, %s)"
            .formatted(table, numbered, names, numbered, values, arrays, numbered, names);
  }

  private static Column text(String name, Function<Row, @Nullable Object> value) {
    return new Column(name, "text", "", value);
  }

  private static Column time(String name, Function<Row, Object> value) {
    return new Column(name, "text", "::timestamptz", row -> value.apply(row).toString());
  }

  /** Arrays of arrays would have to be of one length each: a list goes as its literal. */
  private static Column texts(String name, Function<Row, List<String>> value) {
    return new Column(name, "text", "::text[]", row -> literal(value.apply(row)));
  }

  private static String literal(List<String> values) {
    StringBuilder literal = new StringBuilder("{");
    for (String value : values) {
      literal.append(literal.length() == 1 ? "\"" : ",\"");
      for (int i = 0; i < value.length(); i++) {
        char letter = value.charAt(i);
        if (letter == '"' || letter == '\\') {
          literal.append('\\');
        }
        literal.append(letter);
      }
      literal.append('"');
    }
    return literal.append('}').toString();
  }

  private static @Nullable String tokenClass(Derivation derivation) {
    return derivation.tokenClass() == null ? null : derivation.tokenClass().wireName();
  }

  private static @Nullable String act(Derivation derivation) {
    return derivation.act() == null
        ? null
        : new String(Json.write(derivation.act()), StandardCharsets.UTF_8);
  }

  private static @Nullable Integer list(Row row) {
    return row.token().status() == null ? null : row.token().status().list();
  }

  private static @Nullable Integer index(Row row) {
    return row.token().status() == null ? null : row.token().status().idx();
  }

  private static @Nullable String remaining(Row row) {
    BigDecimal remaining = row.token().remaining();
    return remaining == null ? null : remaining.toPlainString();
  }
}
