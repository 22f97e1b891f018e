package dev.relayauth.token.adapter.postgres;

import dev.relayauth.common.json.Json;
import dev.relayauth.common.outbox.Rows;
import dev.relayauth.common.token.Actor;
import dev.relayauth.token.domain.issuing.Derivation;
import dev.relayauth.token.domain.issuing.Session;
import dev.relayauth.token.domain.issuing.TokenClass;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/** Sessions as rows. */
final class SessionRows {
  private SessionRows() {}

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

  static OffsetDateTime utc(Instant instant) {
    return OffsetDateTime.ofInstant(instant, ZoneOffset.UTC);
  }
}
