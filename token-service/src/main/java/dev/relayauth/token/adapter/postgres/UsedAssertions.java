package dev.relayauth.token.adapter.postgres;

import dev.relayauth.common.outbox.Transactions;
import dev.relayauth.common.token.Sha256;
import jakarta.inject.Singleton;
import java.time.Instant;

/** What counts once at all replicas together, until it would be refused anyway. Blocking. */
@Singleton
public final class UsedAssertions {
  private final Transactions transactions;

  UsedAssertions(Transactions transactions) {
    this.transactions = transactions;
  }

  /** Whether this is the first use of {@code name}, which nobody accepts after {@code until}. */
  public boolean isFirst(String name, Instant until) {
    return transactions
            .write(
                tx ->
                    tx.update(
                        """
                        insert into used_assertion (digest, expires_at) values (?, ?)
                        on conflict (digest) do nothing
                        """,
                        Sha256.base64Url(name),
                        until))
            .value()
        == 1;
  }
}
