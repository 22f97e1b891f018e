package dev.relayauth.revocation.adapter.postgres;

import dev.relayauth.common.json.Json;
import dev.relayauth.common.outbox.StorageException;
import dev.relayauth.common.outbox.Transaction;
import dev.relayauth.revocation.config.RevocationConfig;
import dev.relayauth.revocation.domain.entry.Revocation;
import dev.relayauth.revocation.domain.feed.Change;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Takes entries away from all readers, whose rows are gone: tombstones and changes. */
@Singleton
final class Burial {
  private static final String FORGET =
      """
      with old as (delete from revocation_change where changed_at < ? returning seq)
      update revocation_change_floor
      set seq = greatest(seq, (select coalesce(max(old.seq), 0) from old))
      where exists (select 1 from old)
      """;

  private final RevocationEvents events;
  private final RevocationConfig config;

  Burial(RevocationEvents events, RevocationConfig config) {
    this.events = events;
    this.config = config;
  }

  /** Publishes the tombstones, and how far the feed is, which compaction would forget with them. */
  void bury(Transaction tx, List<Revocation> gone, Instant now) {
    if (gone.isEmpty()) {
      return;
    }
    gone.forEach(entry -> bury(tx, entry, now));
    tx.publish(
        events.head(now),
        seq -> {
          look(tx);
          return Json.write(Map.of("revision", seq));
        });
  }

  @SuppressWarnings("NullAway") // A tombstone has no payload.
  private void bury(Transaction tx, Revocation entry, Instant now) {
    tx.publish(
        events.expired(entry.target(), entry.id(), now),
        seq -> {
          record(tx, entry, seq, now);
          return null;
        });
  }

  private static void record(Transaction tx, Revocation entry, long seq, Instant now) {
    Change change =
        new Change(seq, entry.target(), true, entry.id(), entry.closed(), entry.expiresAt());
    try {
      ChangeRows.add(tx, change, now);
    } catch (SQLException e) {
      throw new StorageException(e);
    }
  }

  private static void look(Transaction tx) {
    try {
      ChangeRows.tell(tx, "");
    } catch (SQLException e) {
      throw new StorageException(e);
    }
  }

  /** Forgets changes that no stream may resume from any more. */
  void forget(Transaction tx, Instant now) throws SQLException {
    tx.update(FORGET, now.minus(config.changesKept()));
  }
}
