package dev.relayauth.policy.adapter.budget;

import dev.relayauth.common.outbox.StorageException;
import dev.relayauth.policy.domain.budget.Cap;
import dev.relayauth.policy.domain.budget.Ledger;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A ledger whose connection breaks, before a commit or after it; nobody is told which. */
final class FlakyLedger implements Ledger {
  private final Ledger ledger;
  private final Random random;
  private final int oneIn;

  FlakyLedger(Ledger ledger, long seed, int oneIn) {
    this.ledger = ledger;
    this.random = new Random(seed);
    this.oneIn = oneIn;
  }

  @Override
  public List<Changed> exchange(String node, String org, List<Change> changes, Duration ttl) {
    breakSometimes();
    List<Changed> results = ledger.exchange(node, org, changes, ttl);
    breakSometimes();
    return results;
  }

  @Override
  public List<Lease> leases(String node, String org) {
    breakSometimes();
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

  private synchronized void breakSometimes() {
    if (random.nextInt(oneIn) == 0) {
      throw new StorageException(new SQLException("the connection broke", "08006"));
    }
  }
}
