package dev.relayauth.policy.adapter.budget;

import dev.relayauth.common.outbox.Transaction;
import dev.relayauth.common.outbox.Transactions;
import dev.relayauth.policy.adapter.budget.LedgerRows.Movement;
import dev.relayauth.policy.adapter.budget.LedgerRows.Pot;
import dev.relayauth.policy.adapter.budget.LedgerRows.Since;
import dev.relayauth.policy.domain.budget.Cap;
import dev.relayauth.policy.domain.budget.Ledger;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Leases of replicas, in PostgreSQL. */
@Singleton
public final class PostgresLedger implements Ledger {
  /** No more than this share of what a cap has left is leased beyond the need. */
  private static final long SHARE = 8;

  private final Transactions transactions;
  private final Notices notices;
  private final Operations operations;

  PostgresLedger(Transactions transactions, Notices notices, Operations operations) {
    this.transactions = transactions;
    this.notices = notices;
    this.operations = operations;
  }

  @Override
  public List<Changed> exchange(String node, String org, List<Change> changes, Duration ttl) {
    try {
      return exchange(node, org, changes, ttl, true);
    } catch (ReservationsDueException e) {
      operations.expire(org);
      return exchange(node, org, changes, ttl, false);
    }
  }

  private List<Changed> exchange(
      String node, String org, List<Change> changes, Duration ttl, boolean first) {
    return transactions
        .write(
            tx -> {
              List<Changed> results = new Exchange(tx, node, org).run(changes, ttl);
              boolean lacks = first && lacksAny(changes, results);
              ReservationsDueException.throwIf(lacks && OperationRows.isDue(tx, org));
              return results;
            })
        .value();
  }

  @Override
  public List<Lease> leases(String node, String org) {
    return transactions.read(tx -> LeaseRows.all(tx, node, org));
  }

  @Override
  public Map<String, List<String>> recalled(String node) {
    return transactions.read(tx -> LeaseRows.recalled(tx, node));
  }

  @Override
  public Map<String, Usage> usage(String org, List<Cap> caps, Instant now) {
    List<Since> counters =
        caps.stream().map(cap -> new Since(cap.key(), cap.window().since(now))).toList();
    openMonths(org, caps);
    return transactions.read(tx -> new LedgerRows(tx, org).usageAndLeases(counters));
  }

  /** A month that was not capped before has what was taken by the day from the first look on. */
  private void openMonths(String org, List<Cap> caps) {
    Set<String> months = new TreeSet<>();
    caps.stream().filter(Cap::isMonthly).map(Cap::key).forEach(months::add);
    boolean known =
        months.isEmpty() || transactions.read(tx -> new LedgerRows(tx, org).isKnown(months));
    if (!known) {
      Set<String> keys = new TreeSet<>(months);
      months.forEach(month -> keys.add(Months.day(month)));
      transactions.write(
          tx -> {
            new LedgerRows(tx, org).lock(keys);
            return keys;
          });
    }
  }

  /** One exchange inside its transaction. */
  private final class Exchange {
    private final Transaction tx;
    private final String node;
    private final String org;
    private final LedgerRows rows;
    private final Map<String, Lease> leases = new LinkedHashMap<>();
    private final List<Boolean> lost = new ArrayList<>();

    Exchange(Transaction tx, String node, String org) {
      this.tx = tx;
      this.node = node;
      this.org = org;
      this.rows = new LedgerRows(tx, org);
    }

    List<Changed> run(List<Change> changes, Duration ttl) throws SQLException {
      Set<String> keys = new TreeSet<>();
      changes.forEach(change -> keys.add(change.cap().key()));
      rows.lock(keys, Months.ofDays(keys));
      Map<String, Lease> known = LeaseRows.of(tx, node, org, keys);
      rows.lockNew(
          known.values().stream()
              .filter(lease -> lease.carried() > 0)
              .map(lease -> Months.month(lease.key()))
              .toList());
      changes.forEach(change -> lost.add(settle(change, known)));
      rows.write();
      Map<String, Usage> usage = usage(changes);
      Set<String> others = LeaseRows.heldByOthers(tx, node, org, needed(changes));
      List<Changed> results = grant(changes, usage, others);
      rows.write();
      LeaseRows.put(tx, node, org, List.copyOf(leases.values()), ttl);
      LeaseRows.recall(tx, node, org, lacking(changes, results));
      for (Change change : changes) {
        if (change.used() > 0) {
          notices.alert(tx, org, change.cap(), usage.get(change.cap().key()));
        }
      }
      return results;
    }

    /** Takes what was used and returned off the lease; whether the lease was gone already. */
    private boolean settle(Change change, Map<String, Lease> known) {
      String key = change.cap().key();
      Lease lease = known.get(LeaseRows.name(key, change.bucket()));
      boolean gone = change.sequence() > 0 && lease == null;
      long amount = lease == null ? 0 : lease.amount();
      long carried = lease == null ? 0 : lease.carried();
      if (!gone) {
        // A slice that is opened again for a window that it had before begins anew.
        boolean anew = change.sequence() == 0 && amount == 0;
        if (lease != null && lease.sequence() != change.sequence() && !anew) {
          throw new IllegalStateException("a lease has changed behind its replica's back");
        }
        amount -= change.used() + change.returned();
        rows.move(move(change, "settle", Pot.held, Pot.spent, change.used()));
        rows.move(move(change, "return", Pot.held, Pot.room, change.returned()));
        carried = settleMonth(change, carried, amount);
      }
      Since counter = new Since(key, change.bucket());
      for (Share share : change.shares()) {
        rows.share(new LedgerRows.Share(counter, share.spender(), share.amount(), 0));
        if (countsForMonth(key)) {
          Since month = new Since(Months.month(key), change.bucket());
          rows.share(new LedgerRows.Share(month, share.spender(), share.alone(), 0));
        }
      }
      leases.put(
          LeaseRows.name(key, change.bucket()),
          new Lease(key, change.bucket(), amount, change.sequence() + 1, carried));
      return gone;
    }

    private boolean countsForMonth(String key) {
      return Months.isDay(key) && rows.isLocked(Months.month(key));
    }

    /**
     * Charges a month that is counted with what was taken by the day alone, by who had not heard of
     * its cap; what it held for that and is used no more has room again. Answers what it holds.
     *
     * @param left of the lease
     */
    private long settleMonth(Change change, long carried, long left) {
      if (!countsForMonth(change.cap().key())) {
        return carried;
      }
      long expected = Math.min(change.alone(), carried);
      long kept = Math.min(carried - expected, left);
      rows.move(month(change, "settle", Pot.held, Pot.spent, expected));
      rows.move(month(change, "settle", Pot.room, Pot.spent, change.alone() - expected));
      rows.move(month(change, "return", Pot.held, Pot.room, carried - expected - kept));
      return kept;
    }

    private Movement month(Change change, String kind, Pot from, Pot to, long amount) {
      String key = Months.month(change.cap().key());
      return new Movement(key, change.bucket(), kind, from, to, amount, node, change.ends());
    }

    private Movement move(Change change, String kind, Pot from, Pot to, long amount) {
      return new Movement(
          change.cap().key(), change.bucket(), kind, from, to, amount, node, change.ends());
    }

    private Map<String, Usage> usage(List<Change> changes) throws SQLException {
      Map<String, Since> counters = new HashMap<>();
      for (Change change : changes) {
        if (change.since() > 0) {
          counters.put(change.cap().key(), new Since(change.cap().key(), change.since()));
        } else {
          Instant now = tx.clock().instant();
          counters.putIfAbsent(
              change.cap().key(), new Since(change.cap().key(), change.cap().window().since(now)));
        }
      }
      return rows.usage(counters.values());
    }

    private List<Changed> grant(List<Change> changes, Map<String, Usage> usage, Set<String> others)
        throws SQLException {
      List<Changed> results = new ArrayList<>();
      for (int at = 0; at < changes.size(); at++) {
        Change change = changes.get(at);
        String key = change.cap().key();
        Usage counted = usage.getOrDefault(key, new Usage(0, 0));
        long room = Math.max(0, change.cap().ceiling() - counted.spent() - counted.held());
        long granted = granted(change, room);
        if (granted > 0) {
          Lease lease = leases.get(LeaseRows.name(key, change.bucket()));
          long amount = (lease == null ? 0 : lease.amount()) + granted;
          long carried = lease == null ? 0 : lease.carried();
          leases.put(
              LeaseRows.name(key, change.bucket()),
              new Lease(key, change.bucket(), amount, change.sequence() + 1, carried));
          rows.move(move(change, "lease", Pot.room, Pot.held, granted));
        }
        Instant resets =
            change.need() > granted
                ? Resets.of(tx, org, change.cap(), change.least() - room)
                : change.cap().window().left(change.ends());
        results.add(
            new Changed(lost.get(at), granted, room - granted, others.contains(key), resets));
      }
      return results;
    }
  }

  private static long granted(Change change, long room) {
    if (room < change.least()) {
      return 0;
    }
    long need = Math.min(change.need(), room);
    long wanted = Math.min(change.need() + change.spare(), room / SHARE);
    return Math.max(need, wanted);
  }

  private static List<String> needed(List<Change> changes) {
    return changes.stream()
        .filter(change -> change.need() > 0)
        .map(change -> change.cap().key())
        .toList();
  }

  private static boolean lacksAny(List<Change> changes, List<Changed> results) {
    for (int at = 0; at < changes.size(); at++) {
      if (changes.get(at).need() > results.get(at).granted()) {
        return true;
      }
    }
    return false;
  }

  private static List<String> lacking(List<Change> changes, List<Changed> results) {
    List<String> keys = new ArrayList<>();
    for (int at = 0; at < changes.size(); at++) {
      if (changes.get(at).need() > results.get(at).granted() && results.get(at).contended()) {
        keys.add(changes.get(at).cap().key());
      }
    }
    return keys;
  }
}
