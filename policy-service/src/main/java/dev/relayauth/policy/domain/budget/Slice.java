package dev.relayauth.policy.domain.budget;

import dev.relayauth.policy.domain.budget.Ledger.Change;
import dev.relayauth.policy.domain.budget.Ledger.Changed;
import dev.relayauth.policy.domain.budget.Ledger.Lease;
import dev.relayauth.policy.domain.budget.Ledger.Share;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a replica has leased of one cap in one bucket. Guarded by the organisation's monitor.
 *
 * <p>{@code leased} is what the ledger has on the lease: {@code free + used}, and what a change
 * under way returns.
 */
final class Slice {
  private static final int MAX_SHARES = 500;

  /** Settlements that a slice should last for. */
  private static final int AHEAD = 5;

  final Window.Bucket bucket;
  private Cap cap;
  private long free;
  private long used;
  private long alone;
  private long leased;
  private long sequence;
  private long room;
  private long deadline;
  private long touched;
  private long settled;
  private long grown;
  private long lastGrant;
  private long recalledUntil;
  private final Map<String, Share> shares = new LinkedHashMap<>();
  private @Nullable Change underWay;

  /**
   * What waiting requests need.
   *
   * @param least of them
   */
  record Need(long total, long least) {
    static final Need NOTHING = new Need(0, 0);

    Need plus(long amount) {
      return new Need(total + amount, total == 0 ? amount : Math.min(least, amount));
    }
  }

  Slice(Cap cap, Window.Bucket bucket, long nanos) {
    this.cap = cap;
    this.bucket = bucket;
    this.deadline = nanos;
    this.recalledUntil = nanos;
    this.touched = nanos;
    this.settled = nanos;
    this.grown = nanos - Escrow.SECOND;
  }

  /** Whether {@code amount} can be taken at this moment. */
  boolean covers(Cap asked, long amount, long epochSecond, long nanos) {
    return free >= amount
        && bucket.holds(epochSecond)
        && deadline - nanos > 0
        && asked.ceiling() == cap.ceiling()
        && isOf(asked);
  }

  /** Whether the cap's window is the one that the bucket is of. */
  boolean isOf(Cap asked) {
    return asked.window() == cap.window() || asked.window().equals(cap.window());
  }

  /** Takes of it; with or without taking of the same owner's month at once. */
  void take(long amount, String spender, boolean isAlone, long nanos) {
    long uncounted = isAlone ? amount : 0;
    free -= amount;
    used += amount;
    alone += uncounted;
    if (cap.unit() == Cap.Unit.MONEY) {
      shares.merge(spender, new Share(spender, amount, uncounted), Share::plus);
    }
    touched = nanos;
  }

  long free() {
    return free;
  }

  /** What the cap has left as far as this replica knows. */
  long left() {
    // Of a limit in the shadows more may be leased than there is.
    long known = cap.shadow() ? room - Cap.NO_LIMIT + cap.limit() : room;
    return Math.max(0, known + free);
  }

  Cap cap() {
    return cap;
  }

  boolean isUnderWay() {
    return underWay != null;
  }

  /** Whether the ledger has nothing on lease of it, and knows all. */
  boolean isEmpty() {
    return leased == 0 && used == 0 && shares.isEmpty() && underWay == null;
  }

  void recall(long nanos) {
    recalledUntil = nanos + Escrow.SECOND;
  }

  private boolean isRecalled(long nanos) {
    return recalledUntil - nanos > 0;
  }

  /** Whether the ledger should hear of it now. */
  boolean isDue(long epochSecond, long nanos, Escrow.Settings settings) {
    if (leased == 0 && used == 0 && shares.isEmpty()) {
      return false;
    }
    boolean over = !bucket.holds(epochSecond) || (isRecalled(nanos) && leased > 0);
    boolean idle = free > 0 && nanos - touched > settings.idle().toNanos();
    return over || idle || isUnsettled(nanos, settings);
  }

  private boolean isUnsettled(long nanos, Escrow.Settings settings) {
    boolean untold = used > 0 || !shares.isEmpty();
    boolean unsettled = untold && nanos - settled > settings.settleEvery().toNanos();
    boolean old = leased > 0 && deadline - nanos < settings.ttl().toNanos() / 2;
    return unsettled || old || (isRecalled(nanos) && leased > 0);
  }

  /**
   * The change to report now; null when there is none.
   *
   * @param need what waiting requests need beyond what is free, and what helps the least of them
   * @param over whether it is used no more
   */
  @Nullable Change plan(
      Cap wanted, long since, Need need, long nanos, Escrow.Settings settings, boolean over) {
    boolean changed = wanted.ceiling() != cap.ceiling();
    cap = wanted;
    long missing = Math.max(0, need.total() - free);
    boolean idle = nanos - touched > settings.idle().toNanos();
    boolean giveBack = missing == 0 && (over || changed || isRecalled(nanos) || idle);
    boolean wakes = need.total() > 0 && (missing > 0 || deadline - nanos <= 0);
    if (!wakes && !giveBack && !over && !isUnsettled(nanos, settings)) {
      return null;
    }
    long returned = giveBack ? free : 0;
    long least = Math.max(1, need.least() - free);
    boolean grows = !settings.exact() && !isRecalled(nanos) && !giveBack && !over;
    long spare = grows ? missing > 0 ? spare(need.least(), nanos) : ahead() : 0;
    free -= returned;
    underWay =
        new Change(
            cap,
            bucket.start(),
            bucket.end(),
            since,
            sequence,
            used,
            alone,
            sharesToTell(),
            returned,
            missing,
            least,
            spare);
    return underWay;
  }

  /** A bounded number of them; the rest is for the next change. */
  private List<Share> sharesToTell() {
    List<Share> told = new ArrayList<>();
    Iterator<Share> untold = shares.values().iterator();
    while (untold.hasNext() && told.size() < MAX_SHARES) {
      told.add(untold.next());
      untold.remove();
    }
    return told;
  }

  /** What the next second needs at the present pace, so that nobody has to wait for it. */
  private long ahead() {
    return Math.max(0, AHEAD * used - free);
  }

  /** Doubles while it is soon used up. */
  private long spare(long least, long nanos) {
    long start = 16 * least;
    return nanos - grown < Escrow.SECOND / 2 ? Math.max(start, 2 * lastGrant) : start;
  }

  /** Takes note of what became of the change; its lease now lasts until {@code until}. */
  void apply(Changed result, long until, long nanos) {
    Change change = finish();
    sequence = change.sequence() + 1;
    room = result.room();
    deadline = until;
    settled = nanos;
    if (result.lost()) {
      // Charged in full: all that was used is in it, what was free is gone.
      free = 0;
      used = 0;
      alone = 0;
      leased = 0;
    } else {
      used -= change.used();
      alone -= change.alone();
      leased -= change.used() + change.returned();
    }
    if (result.granted() > 0) {
      free += result.granted();
      leased += result.granted();
      lastGrant = result.granted();
      grown = nanos;
      touched = nanos;
    }
  }

  /**
   * After a change whose outcome is unknown: takes the ledger's word. Nothing can be taken before
   * the next exchange.
   */
  void recover(@Nullable Lease lease, long nanos) {
    Change change = finish();
    deadline = nanos;
    if (lease == null || lease.sequence() < change.sequence()) {
      // It never was, or has expired and been charged in full: what it told may be known already.
      sequence = 0;
      free = 0;
      used = 0;
      alone = 0;
      leased = 0;
      return;
    }
    boolean made = lease.sequence() > change.sequence();
    if (!made) {
      change.shares().forEach(share -> shares.merge(share.spender(), share, Share::plus));
    }
    sequence = lease.sequence();
    leased = lease.amount();
    used = Math.min(leased, made ? used - change.used() : used);
    alone = Math.min(used, made ? alone - change.alone() : alone);
    free = leased - used;
  }

  private Change finish() {
    Change change = underWay;
    if (change == null) {
      throw new IllegalStateException("no change is under way");
    }
    underWay = null;
    return change;
  }
}
