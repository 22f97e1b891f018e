package dev.relayauth.revocation.domain.feed;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Joins what changed before somebody began to follow with what changes from then on: in order,
 * nothing twice, nothing left out. Safe for two threads.
 */
public final class Backlog {
  private final int limit;
  private final Consumer<Change> next;
  private final List<Change> early = new ArrayList<>();
  private boolean joined;
  private boolean overflown;
  private long last;

  /**
   * Passes changes to {@code next}.
   *
   * @param limit how many may wait for those before them
   */
  public Backlog(int limit, Consumer<Change> next) {
    this.limit = limit;
    this.next = next;
  }

  /** A change that happens now. */
  public synchronized void live(Change change) {
    if (joined) {
      pass(change);
    } else if (early.size() < limit) {
      early.add(change);
    } else {
      overflown = true;
    }
  }

  /**
   * What changed before, after which everything passes.
   *
   * @return false when too much has happened meanwhile
   */
  public synchronized boolean join(List<Change> before) {
    before.forEach(this::pass);
    early.forEach(this::pass);
    early.clear();
    joined = true;
    return !overflown;
  }

  private void pass(Change change) {
    if (change.seq() > last) {
      last = change.seq();
      next.accept(change);
    }
  }
}
