package dev.relayauth.revocation.adapter.postgres;

import dev.relayauth.common.event.Topics;
import dev.relayauth.common.outbox.FeedHeads;
import dev.relayauth.common.outbox.StorageException;
import dev.relayauth.common.outbox.Transactions;
import dev.relayauth.common.projection.AppliedSequence;
import dev.relayauth.revocation.domain.feed.Change;
import dev.relayauth.revocation.domain.feed.Changes;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import javax.sql.DataSource;
import org.jboss.logging.Logger;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * Changes as the database notifies of them: at the commit, in commit order. What happens while the
 * connection is away is read from the table.
 */
@Singleton
public final class PostgresChanges implements Changes {
  private static final Logger LOG = Logger.getLogger(PostgresChanges.class);
  private static final int WAIT_MILLIS = 5_000;
  private static final Duration RETRY = Duration.ofMillis(300);
  private static final int PAGE = 1_000;

  private final DataSource dataSource;
  private final Transactions transactions;
  private final FeedHeads heads;
  private final AppliedSequence told = new AppliedSequence();
  private final List<Consumer<List<Change>>> listeners = new CopyOnWriteArrayList<>();
  private final List<Consumer<List<Change>>> first = new CopyOnWriteArrayList<>();
  private final List<LongConsumer> impatient = new CopyOnWriteArrayList<>();
  private final Thread thread =
      Thread.ofPlatform().daemon().name("revocation-changes").unstarted(this::run);
  private volatile boolean running = true;
  private boolean begun;

  PostgresChanges(DataSource dataSource, Transactions transactions, FeedHeads heads) {
    this.dataSource = dataSource;
    this.transactions = transactions;
    this.heads = heads;
  }

  void start(@Observes StartupEvent event) {
    thread.start();
  }

  void stop(@Observes ShutdownEvent event) {
    running = false;
    thread.interrupt();
  }

  /** Like {@link #follow}, but told before all others: our own verifiers. */
  public Runnable followFirst(Consumer<List<Change>> listener) {
    first.add(listener);
    return () -> first.remove(listener);
  }

  @Override
  public Following follow(Consumer<List<Change>> listener) {
    synchronized (listeners) {
      listeners.add(listener);
      return new Following(told.get(), () -> listeners.remove(listener));
    }
  }

  /**
   * Tells {@code listener} of each sequence that somebody waits for all verifiers to have applied.
   *
   * @return what ends that
   */
  public Runnable followAwaited(LongConsumer listener) {
    impatient.add(listener);
    return () -> impatient.remove(listener);
  }

  /** Completes with true once the listeners have been told of everything up to {@code seq}. */
  public CompletableFuture<Boolean> toldOf(long seq, Duration limit) {
    return told.await(seq, limit);
  }

  @Override
  public List<Change> since(String org, long seq, int limit) {
    String sql =
        """
        select * from revocation_change where org in (?, '') and seq > ? order by seq limit ?
        """;
    return transactions.read(tx -> tx.query(sql, ChangeRows::read, org, seq, limit));
  }

  @Override
  public long floor() {
    String sql = "select seq from revocation_change_floor";
    return transactions.read(tx -> tx.first(sql, row -> row.getLong(1)).orElse(0L));
  }

  private void run() {
    while (running) {
      try (Connection connection = dataSource.getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute("listen " + ChangeRows.CHANNEL);
        statement.execute("listen " + ChangeRows.AWAITED);
        follow(connection.unwrap(PGConnection.class));
        statement.execute("unlisten *");
      } catch (SQLException | StorageException e) {
        LOG.warnf("changes are not followed for a moment: %s", e.getMessage());
        pause();
      } catch (RuntimeException e) {
        LOG.error("following the changes failed and starts again", e);
        pause();
      }
    }
  }

  private void follow(PGConnection notices) throws SQLException {
    catchUp();
    while (running) {
      PGNotification[] arrived = notices.getNotifications(WAIT_MILLIS);
      hear(arrived == null ? List.of() : List.of(arrived));
    }
  }

  private void hear(List<PGNotification> notices) {
    List<Change> changes = new ArrayList<>();
    List<Long> awaited = new ArrayList<>();
    boolean look = false;
    for (PGNotification notice : notices) {
      if (notice.getName().equals(ChangeRows.AWAITED)) {
        awaited.add(Long.parseLong(notice.getParameter()));
      } else {
        Optional<Change> change = ChangeRows.read(notice.getParameter());
        change.ifPresent(changes::add);
        look |= change.isEmpty();
      }
    }
    // What only says to look may have come before the others, and the table has them all.
    if (look) {
      catchUp();
    } else {
      tell(changes);
    }
    awaited.forEach(seq -> impatient.forEach(listener -> listener.accept(seq)));
  }

  private void catchUp() {
    long head = heads.read(Topics.REVOCATION);
    List<Change> missed = begun ? all(told.get()) : List.of();
    while (!missed.isEmpty()) {
      tell(missed);
      missed = all(told.get());
    }
    begun = true;
    told.advance(head);
  }

  private List<Change> all(long seq) {
    String sql = "select * from revocation_change where seq > ? order by seq limit ?";
    return transactions.read(tx -> tx.query(sql, ChangeRows::read, seq, PAGE));
  }

  private void tell(List<Change> changes) {
    synchronized (listeners) {
      List<Change> fresh = changes.stream().filter(each -> each.seq() > told.get()).toList();
      if (fresh.isEmpty()) {
        return;
      }
      first.forEach(listener -> tell(first, listener, fresh));
      listeners.forEach(listener -> tell(listeners, listener, fresh));
      told.advance(fresh.getLast().seq());
    }
  }

  private static void tell(
      List<Consumer<List<Change>>> all, Consumer<List<Change>> listener, List<Change> changes) {
    try {
      listener.accept(changes);
    } catch (RuntimeException e) {
      LOG.warn("a follower failed and is told no more", e);
      all.remove(listener);
    }
  }

  private static void pause() {
    try {
      Thread.sleep(RETRY);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
