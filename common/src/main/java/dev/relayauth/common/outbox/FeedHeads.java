package dev.relayauth.common.outbox;

import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The highest committed sequence of each feed that this service owns.
 *
 * <p>Whoever asks is answered from a read that began after the question, on a connection that
 * nothing else uses: when writes wait in line for the others, verifiers must still be told how far
 * the feed is, or every one of them would fail closed.
 */
@Singleton
public final class FeedHeads {
  private static final int MAX_WAITING = 10_000;
  private static final long LIMIT_SECONDS = 5;

  private final DataSource dataSource;
  private final BlockingQueue<CompletableFuture<Map<String, Long>>> waiting =
      new LinkedBlockingQueue<>(MAX_WAITING);
  private final Thread thread =
      Thread.ofPlatform().daemon().name("feed-heads").unstarted(this::run);
  private volatile boolean running = true;
  private @Nullable Connection connection;

  FeedHeads(DataSource dataSource) {
    this.dataSource = dataSource;
    thread.start();
  }

  void stop(@Observes ShutdownEvent event) {
    running = false;
    thread.interrupt();
  }

  /**
   * Reads the highest committed sequence of a topic from the database; 0 when it has none. Blocks.
   *
   * @throws StorageException when the database is away or too many ask
   */
  public long read(String topic) {
    CompletableFuture<Map<String, Long>> answer = new CompletableFuture<>();
    if (!waiting.offer(answer)) {
      throw new StorageException(new SQLException("too many ask how far the feeds are"));
    }
    try {
      return answer.orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).join().getOrDefault(topic, 0L);
    } catch (CompletionException e) {
      throw new StorageException(
          e.getCause() instanceof SQLException cause
              ? cause
              : new SQLException("how far the feeds are was not answered in time", e.getCause()));
    }
  }

  private void run() {
    while (running) {
      try {
        List<CompletableFuture<Map<String, Long>>> asked = new ArrayList<>();
        asked.add(waiting.take());
        waiting.drainTo(asked);
        answer(asked);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        running = false;
      }
    }
    close();
  }

  private void answer(List<CompletableFuture<Map<String, Long>>> asked) {
    try {
      Map<String, Long> heads = heads();
      asked.forEach(answer -> answer.complete(heads));
    } catch (SQLException | RuntimeException e) {
      close();
      asked.forEach(answer -> answer.completeExceptionally(e));
    }
  }

  private Map<String, Long> heads() throws SQLException {
    Connection open = connection;
    if (open == null) {
      open = dataSource.getConnection();
      connection = open;
    }
    try (PreparedStatement statement = open.prepareStatement("select topic, seq from feed_head");
        ResultSet rows = statement.executeQuery()) {
      Map<String, Long> heads = new HashMap<>();
      while (rows.next()) {
        heads.put(rows.getString(1), rows.getLong(2));
      }
      return Map.copyOf(heads);
    }
  }

  private void close() {
    try (Connection ended = connection) {
      connection = null;
    } catch (SQLException e) {
      // The connection is gone: that is what was wanted.
      connection = null;
    }
  }
}
