package dev.relayauth.token.adapter.postgres;

import dev.relayauth.common.outbox.Rows;
import dev.relayauth.token.domain.issuing.IssuedToken;
import dev.relayauth.token.domain.status.StatusPlace;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Pairs as rows. */
final class TokenRows {
  private static final String INSERT =
      """
      insert into token (jti, sid, org, generation, issued_at, expires_at, rev, refresh_hash,
        kid, status_list, status_idx, remaining)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """;

  private TokenRows() {}

  static void insert(Connection connection, List<IssuedToken> tokens) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
      for (IssuedToken token : tokens) {
        statement.setString(1, token.jti());
        statement.setString(2, token.sid());
        statement.setString(3, token.org());
        statement.setInt(4, token.generation());
        statement.setObject(5, SessionRows.utc(token.issuedAt()));
        statement.setObject(6, SessionRows.utc(token.expiresAt()));
        statement.setLong(7, token.rev());
        statement.setString(8, token.refreshHash());
        statement.setString(9, token.kid());
        StatusPlace place = token.status();
        statement.setObject(10, place == null ? null : place.list(), Types.INTEGER);
        statement.setObject(11, place == null ? null : place.idx(), Types.INTEGER);
        statement.setBigDecimal(12, token.remaining());
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  static IssuedToken read(ResultSet row) throws SQLException {
    return read(row, "expires_at");
  }

  /** A row that carries another end beside the token's, which is in that column. */
  static IssuedToken read(ResultSet row, String end) throws SQLException {
    return new IssuedToken(
        row.getString("jti"),
        row.getString("sid"),
        row.getString("org"),
        row.getInt("generation"),
        Rows.instant(row, "issued_at"),
        Rows.instant(row, end),
        row.getLong("rev"),
        row.getString("refresh_hash"),
        Objects.requireNonNullElse(row.getString("kid"), ""),
        place(row),
        row.getBigDecimal("remaining"));
  }

  private static @Nullable StatusPlace place(ResultSet row) throws SQLException {
    int list = row.getInt("status_list");
    return row.wasNull() ? null : new StatusPlace(list, row.getInt("status_idx"));
  }
}
