package dev.relayauth.token.adapter.postgres;

import dev.relayauth.common.json.Json;
import dev.relayauth.common.outbox.Rows;
import dev.relayauth.common.token.Actor;
import dev.relayauth.token.domain.issuing.Derivation;
import dev.relayauth.token.domain.issuing.Issuance;
import dev.relayauth.token.domain.issuing.Session;
import dev.relayauth.token.domain.issuing.TokenClass;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;

/** Sessions as rows. */
final class SessionRows {
  private static final String INSERT =
      """
      insert into session (sid, org, identity_id, workspace_id, sponsor_chain, client_id, scopes,
        audience, lineage, parent_token_id, token_class, paths, act, access_ttl_seconds, created_at,
        refresh_expires_at, expires_at, may_act, jkt)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """;

  private SessionRows() {}

  static void insert(Connection connection, List<Issuance> issuances) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
      for (Issuance issuance : issuances) {
        bind(statement, issuance.session());
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  private static void bind(PreparedStatement statement, Session session) throws SQLException {
    Connection connection = statement.getConnection();
    statement.setString(1, session.sid());
    statement.setString(2, session.org());
    statement.setString(3, session.identityId());
    statement.setString(4, session.workspaceId());
    statement.setArray(5, array(connection, session.sponsorChain()));
    statement.setString(6, session.clientId());
    statement.setArray(7, array(connection, session.scopes()));
    statement.setArray(8, array(connection, session.audience()));
    statement.setArray(9, array(connection, session.lineage()));
    bind(statement, session.derivation());
    statement.setLong(14, session.accessTtl().toSeconds());
    statement.setObject(15, utc(session.createdAt()));
    statement.setObject(16, utc(session.refreshExpiresAt()));
    statement.setObject(17, utc(session.expiresAt()));
    statement.setArray(18, array(connection, session.derivation().mayAct()));
    statement.setString(19, session.derivation().jkt());
  }

  private static void bind(PreparedStatement statement, Derivation derivation) throws SQLException {
    TokenClass tokenClass = derivation.tokenClass();
    Actor act = derivation.act();
    statement.setString(10, derivation.parentTokenId());
    statement.setString(11, tokenClass == null ? null : tokenClass.wireName());
    statement.setArray(12, array(statement.getConnection(), derivation.paths()));
    statement.setString(
        13, act == null ? null : new String(Json.write(act), StandardCharsets.UTF_8));
  }

  static Session read(ResultSet row) throws SQLException {
    return new Session(
        row.getString("sid"),
        row.getString("org"),
        row.getString("identity_id"),
        row.getString("workspace_id"),
        Rows.strings(row, "sponsor_chain"),
        row.getString("client_id"),
        Rows.strings(row, "scopes"),
        Rows.strings(row, "audience"),
        Rows.strings(row, "lineage"),
        derivation(row),
        Duration.ofSeconds(row.getLong("access_ttl_seconds")),
        Rows.instant(row, "created_at"),
        Rows.instant(row, "refresh_expires_at"),
        Rows.instant(row, "expires_at"));
  }

  private static Derivation derivation(ResultSet row) throws SQLException {
    String tokenClass = row.getString("token_class");
    String act = row.getString("act");
    return new Derivation(
        row.getString("parent_token_id"),
        tokenClass == null ? null : TokenClass.ofWireName(tokenClass),
        Rows.strings(row, "paths"),
        act == null ? null : Json.read(act.getBytes(StandardCharsets.UTF_8), Actor.class),
        Rows.strings(row, "may_act"),
        row.getString("jkt"));
  }

  static java.sql.Array array(Connection connection, List<String> values) throws SQLException {
    return connection.createArrayOf("text", values.toArray());
  }

  static OffsetDateTime utc(Instant instant) {
    return OffsetDateTime.ofInstant(instant, ZoneOffset.UTC);
  }
}
