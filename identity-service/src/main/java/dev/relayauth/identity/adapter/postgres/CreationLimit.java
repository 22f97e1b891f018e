package dev.relayauth.identity.adapter.postgres;

import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.event.OrganizationState;
import dev.relayauth.common.outbox.Transaction;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Instant;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * How many identities an organisation may create a minute, at all replicas together: a sliding
 * window over two calendar minutes, counted in the transaction of the creation.
 */
@Singleton
final class CreationLimit {
  private static final int WINDOW_SECONDS = 60;

  private final DirectoryStore directory;
  private final int defaultLimit;

  CreationLimit(
      DirectoryStore directory,
      @ConfigProperty(name = "relayauth.identity.creations-per-minute", defaultValue = "60")
          int defaultLimit) {
    this.directory = directory;
    this.defaultLimit = defaultLimit;
  }

  private record Counts(long current, long previous) {}

  /** Counts {@code amount} creations, or throws 429 with when to try again. */
  void count(Transaction tx, String org, int amount) throws SQLException {
    Integer chosen =
        directory
            .organization(tx, org)
            .map(OrganizationState::settings)
            .map(settings -> settings.identityCreationsPerMinute())
            .orElse(null);
    int limit = chosen == null ? defaultLimit : chosen;
    Instant now = tx.clock().instant();
    long minute = now.getEpochSecond() / WINDOW_SECONDS;
    long second = now.getEpochSecond() % WINDOW_SECONDS;
    Counts counts = add(tx, org, minute, amount);
    double carried = counts.previous * (WINDOW_SECONDS - second) / (double) WINDOW_SECONDS;
    if (counts.current + carried > limit) {
      long retryAfter = Math.max(1, WINDOW_SECONDS - second);
      throw RefusedException.rateLimited(
          "an organisation may create " + limit + " identities a minute", limit, retryAfter);
    }
  }

  private static Counts add(Transaction tx, String org, long minute, int amount)
      throws SQLException {
    long current =
        tx.first(
                """
                insert into creation_window values (?, ?, ?)
                on conflict (org_id, minute) do update
                   set created = creation_window.created + excluded.created
                returning created
                """,
                row -> row.getLong(1),
                org,
                minute,
                amount)
            .orElseThrow();
    long previous =
        tx.first(
                "select created from creation_window where org_id = ? and minute = ?",
                row -> row.getLong(1),
                org,
                minute - 1)
            .orElse(0L);
    tx.update("delete from creation_window where org_id = ? and minute < ?", org, minute - 1);
    return new Counts(current, previous);
  }
}
