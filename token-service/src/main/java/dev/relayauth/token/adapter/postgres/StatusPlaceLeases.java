package dev.relayauth.token.adapter.postgres;

import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.outbox.StorageException;
import dev.relayauth.common.outbox.Transaction;
import dev.relayauth.common.outbox.Transactions;
import dev.relayauth.token.adapter.kafka.OrganizationProjection;
import dev.relayauth.token.domain.issuing.Outcome;
import dev.relayauth.token.domain.issuing.Refusal;
import dev.relayauth.token.domain.status.StatusPlace;
import dev.relayauth.token.domain.status.StatusPlaces;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.jboss.logging.Logger;

/**
 * Leases places in blocks, so that issuing never asks the database. Neither the order of the blocks
 * nor that of the places in one tells outside when a token was issued. What a replica holds when it
 * stops is never given to a token.
 */
@Singleton
public final class StatusPlaceLeases implements StatusPlaces {
  private static final Logger LOG = Logger.getLogger(StatusPlaceLeases.class);
  private static final int LOCK = 0x53544154;
  private static final int BLOCK = 1_024;
  private static final int BLOCKS = StatusPlace.LIST_SIZE / BLOCK;
  private static final String OPEN =
      "select n, seed, leased from status_list where leased < ? order by n limit 1";
  private static final String CREATE =
      """
      insert into status_list (n, seed, leased)
      select coalesce(max(n) + 1, 0), ?, 0 from status_list
      returning n, seed, leased
      """;

  private final Transactions transactions;
  private final OrganizationProjection organizations;
  private final SecureRandom random = new SecureRandom();
  private final Queue<StatusPlace> held = new ArrayDeque<>();
  private final AtomicBoolean leasing = new AtomicBoolean();

  StatusPlaceLeases(Transactions transactions, OrganizationProjection organizations) {
    this.transactions = transactions;
    this.organizations = organizations;
  }

  private record Open(int list, long seed, int leased) {}

  void start(@Observes StartupEvent event) {
    leaseSoon();
  }

  @Override
  public Outcome<Optional<StatusPlace>> next(String org) {
    if (!Boolean.TRUE.equals(organizations.settings(org).statusLists())) {
      return Outcome.of(Optional.empty());
    }
    Optional<StatusPlace> place = take();
    return place.isPresent()
        ? Outcome.of(place)
        : Outcome.refuse(
            Refusal.of(
                ErrorCode.STORAGE_UNAVAILABLE, "no place in a status list is at hand; try again"));
  }

  private Optional<StatusPlace> take() {
    StatusPlace place;
    int left;
    synchronized (held) {
      place = held.poll();
      left = held.size();
    }
    if (left < BLOCK) {
      leaseSoon();
    }
    return Optional.ofNullable(place);
  }

  private void leaseSoon() {
    if (leasing.compareAndSet(false, true)) {
      Thread.ofVirtual().name("status-places").start(this::lease);
    }
  }

  private void lease() {
    try {
      List<StatusPlace> block = transactions.write(this::lease).value();
      synchronized (held) {
        held.addAll(block);
      }
    } catch (StorageException e) {
      LOG.warnf("no places in status lists for a moment: %s", e.getMessage());
    } finally {
      leasing.set(false);
    }
  }

  private List<StatusPlace> lease(Transaction tx) throws SQLException {
    tx.query("select pg_advisory_xact_lock(?, hashtext(current_schema()))", row -> "", LOCK);
    Open open =
        open(tx, OPEN, BLOCKS)
            .or(() -> create(tx))
            .orElseThrow(() -> new SQLException("no list was made"));
    tx.update("update status_list set leased = leased + 1 where n = ?", open.list());
    int first = shuffled(BLOCKS, new Random(open.seed())).get(open.leased()) * BLOCK;
    return shuffled(BLOCK, random).stream()
        .map(offset -> new StatusPlace(open.list(), first + offset))
        .toList();
  }

  private Optional<Open> create(Transaction tx) {
    try {
      return open(tx, CREATE, random.nextLong());
    } catch (SQLException e) {
      throw new StorageException(e);
    }
  }

  private static Optional<Open> open(Transaction tx, String sql, Object value) throws SQLException {
    return tx.first(
        sql, row -> new Open(row.getInt("n"), row.getLong("seed"), row.getInt("leased")), value);
  }

  private static List<Integer> shuffled(int count, Random order) {
    List<Integer> numbers = new ArrayList<>(IntStream.range(0, count).boxed().toList());
    Collections.shuffle(numbers, order);
    return numbers;
  }
}
