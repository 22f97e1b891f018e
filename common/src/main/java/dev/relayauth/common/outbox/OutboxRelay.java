package dev.relayauth.common.outbox;

import dev.relayauth.common.config.RelayAuthConfig;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.apache.kafka.common.KafkaException;
import org.jboss.logging.Logger;
import org.postgresql.PGConnection;

/**
 * Publishes the outbox in order: one relay a service at a time, by advisory lock, and fenced at the
 * broker, so that a paused predecessor can publish nothing once another has taken over.
 */
@Singleton
public final class OutboxRelay {
  private static final Logger LOG = Logger.getLogger(OutboxRelay.class);
  private static final int RELAY_LOCK = 0x52454C59;
  private static final int BATCH = 500;
  private static final int IDLE_MILLIS = 250;
  private static final Duration RETRY = Duration.ofMillis(300);

  private final DataSource dataSource;
  private final Map<String, Object> kafka;
  private final String transactionalId;
  private final Duration linger;
  private final Thread thread =
      Thread.ofPlatform().daemon().name("outbox-relay").unstarted(this::run);
  private volatile boolean running = true;

  OutboxRelay(
      DataSource dataSource,
      @Identifier("default-kafka-broker") Map<String, Object> kafka,
      RelayAuthConfig config) {
    this.dataSource = dataSource;
    this.kafka = kafka;
    this.transactionalId = "relayauth-" + config.service() + "-relay";
    this.linger = config.outbox().linger();
  }

  void start(@Observes StartupEvent event) {
    thread.start();
  }

  /** Stops after the batch in hand; late, so that requests in flight still publish. */
  void stop(@Observes @Priority(Integer.MAX_VALUE) ShutdownEvent event)
      throws InterruptedException {
    running = false;
    thread.join(Duration.ofSeconds(5));
    thread.interrupt();
  }

  private void run() {
    while (running) {
      try (Connection connection = dataSource.getConnection()) {
        if (lock(connection)) {
          lead(connection);
        }
        pause();
      } catch (SQLException | KafkaException e) {
        LOG.warnf("the outbox relay pauses: %s", e.getMessage());
        pause();
      } catch (RuntimeException e) {
        LOG.error("the outbox relay failed and starts again", e);
        pause();
      }
    }
  }

  private void lead(Connection connection) throws SQLException {
    try (EventPublisher publisher = new EventPublisher(kafka, transactionalId);
        Statement statement = connection.createStatement()) {
      statement.execute("listen " + channel(connection));
      PGConnection notifications = connection.unwrap(PGConnection.class);
      LOG.info("this replica publishes the outbox");
      boolean last = false;
      long began = System.nanoTime();
      while (!last) {
        last = !running;
        if (publishNext(connection, publisher) < BATCH && !last) {
          notifications.getNotifications(IDLE_MILLIS);
          LockSupport.parkNanos(began + linger.toNanos() - System.nanoTime());
        }
        began = System.nanoTime();
      }
    } finally {
      unlock(connection);
    }
  }

  private static int publishNext(Connection connection, EventPublisher publisher)
      throws SQLException {
    List<OutboxRows.Row> rows = OutboxRows.next(connection, BATCH);
    if (!rows.isEmpty()) {
      publisher.publish(rows);
      OutboxRows.delete(connection, rows);
    }
    return rows.size();
  }

  private static boolean lock(Connection connection) throws SQLException {
    String sql = "select pg_try_advisory_lock(" + RELAY_LOCK + ", hashtext(current_schema()))";
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.next() && row.getBoolean(1);
    }
  }

  private static void unlock(Connection connection) {
    try (Statement statement = connection.createStatement()) {
      statement.execute("unlisten *");
      statement.execute("select pg_advisory_unlock_all()");
    } catch (SQLException e) {
      LOG.debugf("the lock went with its connection: %s", e.getMessage());
    }
  }

  private static String channel(Connection connection) throws SQLException {
    return "relayauth_outbox_" + connection.getSchema();
  }

  private static void pause() {
    try {
      Thread.sleep(RETRY);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
