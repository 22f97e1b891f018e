package dev.relayauth.revocation.adapter.postgres;

import dev.relayauth.common.audit.AuditRecords;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.outbox.Transaction;
import dev.relayauth.common.outbox.Transactions;
import dev.relayauth.revocation.domain.signal.Signal;
import dev.relayauth.revocation.domain.signal.SignalStream;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Streams of organisations; each change commits with its audit record. Blocks. */
@Singleton
public final class PostgresSignalStreams {
  private static final String INSERT =
      """
      insert into signal_stream (id, org, actor, endpoint, endpoint_auth, requested, description,
        status, reason, created_at, next_attempt, leased_until)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """;
  private static final String UPDATE =
      """
      update signal_stream set endpoint = ?, endpoint_auth = ?, requested = ?, description = ?,
        status = ?, reason = ?, attempts = 0, next_attempt = ?
      where id = ?
      """;

  private final Transactions transactions;
  private final SignalRows rows;
  private final SignalQueue queue;
  private final AuditRecords audit;
  private final CurrentRequest request;

  PostgresSignalStreams(
      Transactions transactions,
      SignalRows rows,
      SignalQueue queue,
      AuditRecords audit,
      CurrentRequest request) {
    this.transactions = transactions;
    this.rows = rows;
    this.queue = queue;
    this.audit = audit;
    this.request = request;
  }

  /** Adds a stream; false when the organisation has {@code most} already. */
  public boolean add(SignalStream stream, int most) {
    return transactions
        .write(
            tx -> {
              tx.query(
                  "select pg_advisory_xact_lock(hashtextextended(?, 0))",
                  row -> "",
                  "signal/" + stream.org());
              long present =
                  tx.first(
                          "select count(*) from signal_stream where org = ?",
                          row -> row.getLong(1),
                          stream.org())
                      .orElse(0L);
              if (present >= most) {
                return false;
              }
              insert(tx, stream);
              record(tx, "signal_stream.created", stream);
              return true;
            })
        .value();
  }

  /** The stream of an organisation. */
  public Optional<SignalStream> find(String org, String id) {
    return transactions.read(
        tx ->
            tx.first("select * from signal_stream where id = ? and org = ?", rows::read, id, org));
  }

  /** All streams of an organisation, the oldest first. */
  public List<SignalStream> list(String org) {
    return transactions.read(
        tx ->
            tx.query(
                "select * from signal_stream where org = ? order by created_at, id",
                rows::read,
                org));
  }

  /** Changes a stream and returns it as it is then; empty when the organisation has none such. */
  public Optional<SignalStream> change(String org, String id, UnaryOperator<SignalStream> change) {
    return transactions
        .write(
            tx -> {
              Optional<SignalStream> changed = locked(tx, org, id).map(change);
              if (changed.isPresent()) {
                update(tx, changed.get());
                record(tx, "signal_stream.updated", changed.get());
              }
              return changed;
            })
        .value();
  }

  /** Ends a stream and forgets what waits for it; false when there is none such. */
  public boolean remove(String org, String id) {
    return transactions
        .write(
            tx -> {
              Optional<SignalStream> found = locked(tx, org, id);
              if (found.isPresent()) {
                tx.update("delete from signal_stream where id = ?", id);
                record(tx, "signal_stream.deleted", found.get());
              }
              return found.isPresent();
            })
        .value();
  }

  /** Has a stream told something; false when there is none such. */
  public boolean tell(String org, String id, Signal signal) {
    return transactions
        .write(
            tx -> {
              Optional<SignalStream> found = locked(tx, org, id);
              if (found.isPresent()) {
                queue.add(tx, id, signal);
              }
              return found.isPresent();
            })
        .value();
  }

  private Optional<SignalStream> locked(Transaction tx, String org, String id) throws SQLException {
    return tx.first(
        "select * from signal_stream where id = ? and org = ? for update", rows::read, id, org);
  }

  private void insert(Transaction tx, SignalStream stream) throws SQLException {
    tx.update(
        INSERT,
        stream.id(),
        stream.org(),
        stream.actorId(),
        stream.endpoint(),
        rows.seal(stream),
        stream.requested(),
        stream.description(),
        stream.status().wireName(),
        stream.reason(),
        stream.createdAt(),
        stream.createdAt(),
        stream.createdAt());
  }

  private void update(Transaction tx, SignalStream stream) throws SQLException {
    Instant now = tx.clock().instant();
    tx.update(
        UPDATE,
        stream.endpoint(),
        rows.seal(stream),
        stream.requested(),
        stream.description(),
        stream.status().wireName(),
        stream.reason(),
        now,
        stream.id());
    if (stream.status() == SignalStream.Status.DISABLED) {
      tx.update("delete from signal_event where stream = ?", stream.id());
    }
  }

  private void record(Transaction tx, String action, SignalStream stream) throws SQLException {
    audit.append(
        tx,
        audit
            .draft(action, stream.org(), request)
            .with("streamId", stream.id())
            .with("delivery", stream.endpoint() == null ? "poll" : "push")
            .with("status", stream.status().wireName())
            .with("actorId", request.tenant().actorId()),
        request);
  }
}
