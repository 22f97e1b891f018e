package dev.relayauth.token.adapter.postgres;

import dev.relayauth.common.outbox.Transactions;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;

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
                        digest(name),
                        until))
            .value()
        == 1;
  }

  private static String digest(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
