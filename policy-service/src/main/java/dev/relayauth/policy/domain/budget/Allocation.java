package dev.relayauth.policy.domain.budget;

import java.util.Set;

/** What was taken of a counter, and the bucket in which it counts. */
public record Allocation(String key, long bucket, long amount) {
  private static final Set<String> MONEY = Set.of("cost-day", "cost-month");

  /** The counter's owner: the first two parts of its key. */
  public String owner() {
    return key.substring(0, split());
  }

  /** What the counter counts. */
  public String meter() {
    return key.substring(split() + 1);
  }

  /** Whether the counter counts money. */
  public boolean isMoney() {
    return MONEY.contains(meter());
  }

  private int split() {
    return key.indexOf('/', key.indexOf('/') + 1);
  }
}
