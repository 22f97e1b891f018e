package dev.relayauth.policy.adapter.budget;

import dev.relayauth.policy.domain.budget.Cap;
import dev.relayauth.policy.domain.budget.Ledger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** A ledger that knows how often it was spoken to. */
final class CountedLedger implements Ledger {
  private final Ledger ledger;
  private final AtomicInteger exchanges = new AtomicInteger();

  CountedLedger(Ledger ledger) {
    this.ledger = ledger;
  }

  int exchanges() {
    return exchanges.get();
  }

  @Override
  public List<Changed> exchange(String node, String org, List<Change> changes, Duration ttl) {
    exchanges.incrementAndGet();
    return ledger.exchange(node, org, changes, ttl);
  }

  @Override
  public List<Lease> leases(String node, String org) {
    return ledger.leases(node, org);
  }

  @Override
  public Map<String, List<String>> recalled(String node) {
    return ledger.recalled(node);
  }

  @Override
  public Map<String, Usage> usage(String org, List<Cap> caps, Instant now) {
    return ledger.usage(org, caps, now);
  }
}
