package dev.relayauth.token.adapter.postgres;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.postgresql.PGConnection;

/** Tells each replica at once that a signing key has changed (LISTEN/NOTIFY). */
@Singleton
final class KeyNotices {
  /** The channel, before the name of the schema. */
  static final String CHANNEL = "relayauth_keys_";

  private static final int WAIT_MILLIS = 1_000;

  private final DataSource dataSource;

  KeyNotices(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  /**
   * Calls {@code reload} at the beginning, on each notice, and every second without one, for as
   * long as {@code running} says so.
   *
   * @throws SQLException when the database is away
   */
  void follow(Runnable reload, BooleanSupplier running) throws SQLException {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("listen " + CHANNEL + connection.getSchema());
      PGConnection notices = connection.unwrap(PGConnection.class);
      try {
        while (running.getAsBoolean()) {
          reload.run();
          notices.getNotifications(WAIT_MILLIS);
        }
      } finally {
        statement.execute("unlisten *");
      }
    }
  }
}
