package dev.relayauth.policy.adapter.http;

import dev.relayauth.policy.adapter.budget.Entries;
import dev.relayauth.policy.domain.budget.Allocation;
import dev.relayauth.policy.domain.budget.Amounts;
import java.math.BigDecimal;
import java.time.Instant;

/**
 * One half of a movement in the ledger, as clients see it.
 *
 * @param amount money in major units, or a number of actions; the two halves sum to zero
 */
record EntryView(
    long n,
    String counter,
    long bucket,
    String kind,
    String pot,
    BigDecimal amount,
    String ref,
    Instant at) {

  static EntryView of(Entries.Entry entry) {
    boolean money = new Allocation(entry.counter(), entry.bucket(), 0).isMoney();
    return new EntryView(
        entry.n(),
        entry.counter(),
        entry.bucket(),
        entry.kind(),
        entry.pot(),
        money ? Amounts.major(entry.amount()) : BigDecimal.valueOf(entry.amount()),
        entry.ref(),
        entry.at());
  }
}
