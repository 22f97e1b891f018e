package dev.relayauth.common.outbox;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** How Java values become SQL parameters. */
final class Parameters {
  private Parameters() {}

  static void bind(PreparedStatement statement, int index, @Nullable Object value)
      throws SQLException {
    switch (value) {
      case null -> statement.setNull(index, Types.NULL);
      case Instant instant ->
          statement.setObject(index, OffsetDateTime.ofInstant(instant, ZoneOffset.UTC));
      case Enum<?> constant -> statement.setString(index, constant.name());
      case Collection<?> strings ->
          statement.setArray(
              index, statement.getConnection().createArrayOf("text", strings.toArray()));
      default -> statement.setObject(index, value);
    }
  }
}
