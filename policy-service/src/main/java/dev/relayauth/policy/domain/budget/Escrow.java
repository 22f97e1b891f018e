package dev.relayauth.policy.domain.budget;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Takes of budgets from memory: this replica leases slices of caps from the ledger and hands them
 * out. What is leased counts against the cap at once, so that caps hold whatever crashes; what is
 * left of a lease goes back when it idles, when another replica wants it, and on close. A lease
 * that is not renewed is charged in full.
 *
 * <p>{@link #charge} never blocks. A slice that is missing or too small is refilled by one exchange
 * with the ledger for all who wait.
 */
public final class Escrow implements AutoCloseable {
  static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final Ledger ledger;
  private final String node;
  private final InstantSource clock;
  private final Settings settings;
  private final Executor workers;
  private final Map<String, OrgEscrow> organizations = new ConcurrentHashMap<>();

  /**
   * How it behaves.
   *
   * @param exact whether each request takes exactly what it needs of the ledger
   * @param ttl how long a lease lasts without word from its replica
   * @param settleEvery how long the ledger may not know what was used
   * @param idle after which an unused slice goes back
   * @param patience how long a request waits for others to return what they don't use
   * @param maxWaiting requests of an organisation that wait at once; more are turned away
   */
  public record Settings(
      boolean exact,
      Duration ttl,
      Duration settleEvery,
      Duration idle,
      Duration patience,
      int maxWaiting) {
    /** Sensible ones. */
    public static Settings defaults(boolean exact) {
      return new Settings(
          exact,
          Duration.ofSeconds(6),
          Duration.ofMillis(200),
          Duration.ofSeconds(2),
          Duration.ofMillis(1500),
          20_000);
    }
  }

  /**
   * An escrow of a ledger.
   *
   * @param node unique, and never used again after this replica's end
   * @param workers where exchanges with the ledger may block
   */
  public Escrow(
      Ledger ledger, String node, InstantSource clock, Settings settings, Executor workers) {
    this.ledger = ledger;
    this.node = node;
    this.clock = clock;
    this.settings = settings;
    this.workers = workers;
  }

  /** Takes what is demanded of every cap, or nothing at all. */
  public CompletableFuture<Charge> charge(String org, List<Demand> demands) {
    return of(org).charge(demands);
  }

  /** What some caps have left; takes nothing. */
  public CompletableFuture<List<Charge.Room>> peek(String org, List<Cap> caps) {
    return of(org).peek(caps);
  }

  /**
   * What some caps have left as the ledger knows it now, with what replicas have on lease; takes
   * nothing.
   */
  public CompletableFuture<List<Charge.Room>> look(String org, List<Cap> caps) {
    return caps.isEmpty()
        ? CompletableFuture.completedFuture(List.of())
        : CompletableFuture.supplyAsync(() -> rooms(org, caps), workers);
  }

  private List<Charge.Room> rooms(String org, List<Cap> caps) {
    Map<String, Ledger.Usage> usage = usage(org, caps);
    return caps.stream().map(cap -> new Charge.Room(cap, left(cap, usage.get(cap.key())))).toList();
  }

  private static long left(Cap cap, Ledger.@Nullable Usage counted) {
    return counted == null ? cap.limit() : Math.max(0, cap.limit() - counted.used());
  }

  /** Tells the ledger what is due; called often. Blocking. */
  public void tick() {
    if (organizations.values().stream().allMatch(OrgEscrow::isEmpty)) {
      return;
    }
    ledger.recalled(node).forEach((org, keys) -> of(org).recall(keys));
    organizations.values().forEach(OrgEscrow::settleIfDue);
  }

  /** Settles what was used and returns the rest. Blocking. */
  @Override
  public void close() {
    organizations.values().forEach(OrgEscrow::close);
  }

  private OrgEscrow of(String org) {
    return organizations.computeIfAbsent(org, id -> new OrgEscrow(this, id));
  }

  List<Ledger.Changed> exchange(String org, List<Ledger.Change> changes) {
    return ledger.exchange(node, org, changes, settings.ttl());
  }

  List<Ledger.Lease> leases(String org) {
    return ledger.leases(node, org);
  }

  Map<String, Ledger.Usage> usage(String org, List<Cap> caps) {
    return ledger.usage(org, caps, clock.instant());
  }

  Settings settings() {
    return settings;
  }

  Instant now() {
    return clock.instant();
  }

  void execute(Runnable work) {
    workers.execute(work);
  }
}
