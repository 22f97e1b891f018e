package dev.relayauth.policy.domain.budget;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The authority on what was taken of each cap, as replicas use it. Each exchange is one
 * transaction; an exception may mean that it was committed or that it was not, which {@link
 * #leases} tells.
 */
public interface Ledger {
  /**
   * What one replica reports of a lease, and what more it wants.
   *
   * @param bucket where the lease counts
   * @param ends when that bucket ends
   * @param since the first bucket that counts against the cap now
   * @param sequence of the last change to the lease; 0 when there is none
   * @param used of the lease, since the last change
   * @param alone of that, what was taken by the day and not of the same owner's month
   * @param shares who used how much of it, and of what earlier changes told; only of money
   * @param returned to the cap
   * @param need what the waiting requests need beyond the lease
   * @param least the smallest grant that helps any of them
   * @param spare what would be useful beyond the need
   */
  record Change(
      Cap cap,
      long bucket,
      long ends,
      long since,
      long sequence,
      long used,
      long alone,
      List<Share> shares,
      long returned,
      long need,
      long least,
      long spare) {
    /** Copies the list. */
    public Change {
      shares = List.copyOf(shares);
    }
  }

  /**
   * What one identity itself spent.
   *
   * @param alone of that, what was taken by the day and not of the same owner's month
   */
  record Share(String spender, long amount, long alone) {
    Share plus(Share other) {
      return new Share(spender, amount + other.amount, alone + other.alone);
    }
  }

  /**
   * What became of a change.
   *
   * @param lost whether the lease had expired and been charged in full: what it held is gone
   * @param granted added to the lease
   * @param room what the cap has left beyond all leases and reservations
   * @param contended whether others hold leases of the cap, which they have been asked to return
   * @param resets when room for the least is back, if nothing else is taken
   */
  record Changed(boolean lost, long granted, long room, boolean contended, Instant resets) {}

  /**
   * A lease as the ledger has it.
   *
   * @param carried of the amount, what the month's counter holds until it is spent or returned
   */
  record Lease(String key, long bucket, long amount, long sequence, long carried) {}

  /**
   * What counts against a cap.
   *
   * @param held set aside for reservations, or leased by replicas
   * @param leased what replicas have of it, as far as that was asked for
   */
  record Usage(long spent, long held, long leased) {
    /** Without a look at leases. */
    public Usage(long spent, long held) {
      this(spent, held, 0);
    }

    /** Spent, or set aside for a reservation, as far as replicas have told. */
    public long used() {
      // What a permit gave back may be known before what it took.
      return Math.max(0, spent + held - leased);
    }
  }

  /** Applies changes to the leases of a replica, in one transaction; answers in their order. */
  List<Changed> exchange(String node, String org, List<Change> changes, Duration ttl);

  /** The leases of a replica in an organisation. */
  List<Lease> leases(String node, String org);

  /** The counters of a replica, by organisation, of which others want something back. */
  Map<String, List<String>> recalled(String node);

  /** What counts against some caps now, by key. */
  Map<String, Usage> usage(String org, List<Cap> caps, Instant now);
}
