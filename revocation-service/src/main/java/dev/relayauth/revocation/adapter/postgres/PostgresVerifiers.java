package dev.relayauth.revocation.adapter.postgres;

import dev.relayauth.common.freshness.Probe;
import dev.relayauth.common.freshness.ProbeListener;
import dev.relayauth.common.outbox.Transactions;
import dev.relayauth.revocation.domain.propagation.Verifiers;
import jakarta.inject.Singleton;
import java.time.Duration;

/**
 * The verifier registry, shared by all replicas. Times are the database's alone. A probe is
 * registered before its answer is read, so that a verifier that is fresh without an entry was here
 * before the entry was committed.
 */
@Singleton
public final class PostgresVerifiers implements Verifiers, ProbeListener {
  private static final String SEEN =
      """
      with begun as (
        insert into registry_epoch values (true, clock_timestamp()) on conflict do nothing)
      insert into verifier (name, applied, seen_at) values (?, ?, clock_timestamp())
      on conflict (name) do update set applied = excluded.applied, seen_at = clock_timestamp()
      """;
  private static final String STANDING =
      """
      select count(*) as live, count(*) filter (where applied < ?) as behind,
        coalesce((select since < clock_timestamp() - ? * interval '1 ms' from registry_epoch), false)
          as complete
      from verifier where seen_at >= clock_timestamp() - ? * interval '1 ms'
      """;

  private final Transactions transactions;

  PostgresVerifiers(Transactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public void onProbe(Probe probe) {
    // One statement needs no transaction of its own, and this one runs twenty times a second.
    transactions.read(tx -> tx.update(SEEN, probe.verifier(), probe.applied()));
  }

  @Override
  public void hurry(long seq) {
    transactions.read(
        tx ->
            tx.query("select pg_notify(?, ?)", row -> "", ChangeRows.AWAITED, Long.toString(seq)));
  }

  @Override
  public Standing standing(long seq, Duration lease) {
    long millis = lease.toMillis();
    return transactions.read(
        tx ->
            tx.first(
                    STANDING,
                    row ->
                        new Standing(
                            row.getInt("live"), row.getInt("behind"), row.getBoolean("complete")),
                    seq,
                    millis,
                    millis)
                .orElseThrow());
  }
}
