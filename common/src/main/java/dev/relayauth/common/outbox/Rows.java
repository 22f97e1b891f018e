package dev.relayauth.common.outbox;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How SQL columns become Java values. */
public final class Rows {
  private Rows() {}

  /** A {@code timestamptz} that is there. */
  public static Instant instant(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }

  /** A {@code timestamptz} that may be null. */
  public static @Nullable Instant instantOrNull(ResultSet row, String column) throws SQLException {
    OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
    return value == null ? null : value.toInstant();
  }

  /** A {@code text[]}; null reads as empty. */
  public static List<String> strings(ResultSet row, String column) throws SQLException {
    List<String> value = stringsOrNull(row, column);
    return value == null ? List.of() : value;
  }

  /** A {@code text[]} that may be null. */
  public static @Nullable List<String> stringsOrNull(ResultSet row, String column)
      throws SQLException {
    Array array = row.getArray(column);
    return array == null ? null : List.of((String[]) array.getArray());
  }
}
