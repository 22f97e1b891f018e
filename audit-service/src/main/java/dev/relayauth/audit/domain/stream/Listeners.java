package dev.relayauth.audit.domain.stream;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Those who wait for the logs of organisations to grow; a bounded number of each. */
public final class Listeners {
  private final Map<String, Set<Listener>> byOrg = new HashMap<>();
  private final Map<String, Long> sizes = new HashMap<>();
  private final int maxPerOrg;
  private boolean closed;

  /** With at most so many of one organisation. */
  public Listeners(int maxPerOrg) {
    this.maxPerOrg = maxPerOrg;
  }

  /** One who waits, until it is closed. */
  public final class Listener implements AutoCloseable {
    private final String org;
    private final Semaphore bell = new Semaphore(1);

    private Listener(String org) {
      this.org = org;
    }

    /** Waits until the log may have grown; false when the time was over first. */
    public boolean await(Duration atMost) throws InterruptedException {
      boolean rung = bell.tryAcquire(atMost.toMillis(), TimeUnit.MILLISECONDS);
      bell.drainPermits();
      return rung;
    }

    @Override
    public void close() {
      leave(this);
    }
  }

  /** Lets one more in; empty when the organisation has as many as it may. */
  public synchronized Optional<Listener> join(String org) {
    Set<Listener> present = byOrg.computeIfAbsent(org, key -> new HashSet<>());
    if (present.size() >= maxPerOrg) {
      return Optional.empty();
    }
    Listener listener = new Listener(org);
    present.add(listener);
    return Optional.of(listener);
  }

  /** The organisations somebody waits for. */
  public synchronized Set<String> orgs() {
    return Set.copyOf(byOrg.keySet());
  }

  /** Wakes who waits for a log that has another size than before. */
  public synchronized void seen(String org, long size) {
    Long before = sizes.put(org, size);
    if (before == null || before != size) {
      byOrg.getOrDefault(org, Set.of()).forEach(listener -> listener.bell.release());
    }
  }

  /** Sends everybody home. */
  public synchronized void close() {
    closed = true;
    byOrg.values().forEach(all -> all.forEach(listener -> listener.bell.release()));
  }

  /** Whether it is time to go home. */
  public synchronized boolean isClosed() {
    return closed;
  }

  private synchronized void leave(Listener listener) {
    Set<Listener> present = byOrg.getOrDefault(listener.org, new HashSet<>());
    present.remove(listener);
    if (present.isEmpty()) {
      byOrg.remove(listener.org);
      sizes.remove(listener.org);
    }
  }
}
