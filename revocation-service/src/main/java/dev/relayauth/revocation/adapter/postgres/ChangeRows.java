package dev.relayauth.revocation.adapter.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.relayauth.common.json.Json;
import dev.relayauth.common.outbox.Rows;
import dev.relayauth.common.outbox.Transaction;
import dev.relayauth.common.revocation.RevocationKind;
import dev.relayauth.revocation.domain.entry.Target;
import dev.relayauth.revocation.domain.feed.Change;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/** How changes become rows and notices, and those changes. */
final class ChangeRows {
  /** PostgreSQL's channel of the notices. */
  static final String CHANNEL = "relayauth_revocation_changes";

  /** The channel of the sequences that somebody waits for all verifiers to have applied. */
  static final String AWAITED = "relayauth_revocation_awaited";

  /** PostgreSQL takes notices below 8,000 bytes. */
  private static final int MAX_NOTICE = 7_900;

  /** One round trip: whoever adds a change holds the sequence lock. */
  private static final String ADD =
      """
      with added as (
        insert into revocation_change
          (seq, org, kind, target, gone, revocation_id, closed, expires_at, changed_at)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?)
      )
      select pg_notify(?, ?)
      """;

  private ChangeRows() {}

  /** A notice; one without a change says only how far the feed is. */
  @RegisterForReflection
  record Notice(
      long seq,
      String org,
      String kind,
      String target,
      boolean gone,
      String revocationId,
      boolean closed,
      Instant expiresAt) {

    static Notice of(Change change) {
      return new Notice(
          change.seq(),
          change.target().org(),
          change.target().kind().wireName(),
          change.target().id(),
          change.gone(),
          change.revocationId(),
          change.closed(),
          change.expiresAt());
    }

    Change change() {
      RevocationKind is = RevocationKind.ofWireName(kind).orElseThrow();
      return new Change(seq, new Target(org, is, target), gone, revocationId, closed, expiresAt);
    }
  }

  /** Records a change and has it told to all replicas when the transaction commits. */
  static void add(Transaction tx, Change change, Instant now) throws SQLException {
    byte[] notice = Json.write(Notice.of(change));
    tx.query(
        ADD,
        row -> "",
        change.seq(),
        change.target().org(),
        change.target().kind().wireName(),
        change.target().id(),
        change.gone(),
        change.revocationId(),
        change.closed(),
        change.expiresAt(),
        now,
        CHANNEL,
        notice.length <= MAX_NOTICE ? new String(notice, UTF_8) : "");
  }

  /** Has all replicas look how far the feed is. */
  static void tell(Transaction tx, String notice) throws SQLException {
    tx.query("select pg_notify(?, ?)", row -> "", CHANNEL, notice);
  }

  /** The change in a notice; empty when the notice only says to look. */
  static Optional<Change> read(String notice) {
    return notice.isEmpty()
        ? Optional.empty()
        : Optional.of(Json.read(notice.getBytes(UTF_8), Notice.class).change());
  }

  static Change read(ResultSet row) throws SQLException {
    return new Change(
        row.getLong("seq"),
        RevocationRows.target(row),
        row.getBoolean("gone"),
        row.getString("revocation_id"),
        row.getBoolean("closed"),
        Rows.instant(row, "expires_at"));
  }
}
