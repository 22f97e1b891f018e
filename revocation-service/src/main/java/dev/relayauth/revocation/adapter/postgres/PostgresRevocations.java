package dev.relayauth.revocation.adapter.postgres;

import dev.relayauth.common.audit.AuditDraft;
import dev.relayauth.common.audit.AuditRecords;
import dev.relayauth.common.config.RelayAuthConfig;
import dev.relayauth.common.credential.Caller;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.id.IdSource;
import dev.relayauth.common.json.Json;
import dev.relayauth.common.outbox.StorageException;
import dev.relayauth.common.outbox.Transaction;
import dev.relayauth.common.outbox.Transactions;
import dev.relayauth.revocation.domain.entry.Retention;
import dev.relayauth.revocation.domain.entry.Revocation;
import dev.relayauth.revocation.domain.entry.RevocationOrder;
import dev.relayauth.revocation.domain.entry.Revocations;
import dev.relayauth.revocation.domain.entry.Target;
import dev.relayauth.revocation.domain.entry.Withdrawal;
import dev.relayauth.revocation.domain.signal.Signal;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** Entries in PostgreSQL; each write is a row, an event and an audit record in one transaction. */
@Singleton
public final class PostgresRevocations implements Revocations {
  private static final String PLATFORM = "platform";

  /** How long an answer waits for that; without it our verifiers hear by the topic. */
  private static final Duration TOLD = Duration.ofSeconds(1);

  private static final String REPLACE =
      """
      update revocation set current = false
      where org = ? and kind = ? and target = ? and current
      returning *
      """;
  private static final String HANDLED =
      """
      select revocation.* from revocation_event join revocation on id = revocation_id
      where event_id = ?
      """;
  private static final String KILLER =
      """
      select 1 from unnest(?, ?) as name (kind, target)
      join revocation r on r.kind = name.kind and r.target = name.target and r.current
        and r.org = case when name.kind = 'key' then '' else ? end
      where r.closed or r.kind = 'token' or r.seq > ?
      limit 1
      """;
  private static final String SUCCESSOR =
      """
      select id from revocation where org = ? and kind = ? and target = ? and current and seq > ?
      """;
  private static final String LIST =
      """
      select * from revocation
      where org = ? and current and (?::text is null or kind = ?)
        and (?::timestamptz is null or (effective_at, id) < (?, ?))
      order by effective_at desc, id desc
      limit ?
      """;

  private final Transactions transactions;
  private final RevocationEvents events;
  private final AuditRecords audit;
  private final IdSource ids;
  private final CurrentRequest request;
  private final PostgresWithdrawals withdrawals;
  private final SignalQueue signals;
  private final PostgresChanges changes;
  private final String issuer;
  private final WriteQueue queue = new WriteQueue(this::writeTogether);

  PostgresRevocations(
      Transactions transactions,
      RevocationEvents events,
      AuditRecords audit,
      IdSource ids,
      CurrentRequest request,
      PostgresWithdrawals withdrawals,
      SignalQueue signals,
      PostgresChanges changes,
      RelayAuthConfig config) {
    this.transactions = transactions;
    this.events = events;
    this.audit = audit;
    this.ids = ids;
    this.request = request;
    this.withdrawals = withdrawals;
    this.signals = signals;
    this.changes = changes;
    this.issuer = config.issuer();
  }

  void start(@Observes StartupEvent event) {
    queue.start();
  }

  /** Before the outbox stops. */
  void stop(@Observes @Priority(Integer.MAX_VALUE - 1) ShutdownEvent event)
      throws InterruptedException {
    queue.stop();
  }

  @Override
  public Revocation write(RevocationOrder order) {
    Revocation entry = queue.write(order, describe(order).build(), request.traceparent());
    // The word is on its way to our verifiers before the caller hears that it is done.
    changes.toldOf(entry.seq(), TOLD).join();
    return entry;
  }

  private List<Revocation> writeTogether(List<WriteQueue.Prepared> orders) {
    List<Supplier<Revocation>> written =
        transactions
            .write(
                tx -> {
                  List<Supplier<Revocation>> entries = new ArrayList<>();
                  for (WriteQueue.Prepared each : orders) {
                    entries.add(carryOut(tx, each));
                  }
                  return entries;
                })
            .value();
    return written.stream().map(Supplier::get).toList();
  }

  @Override
  public Withdrawal withdraw(String org, String id) {
    return withdrawals.withdraw(org, id);
  }

  @Override
  public Optional<Revocation> find(String org, String id) {
    return transactions.read(
        tx ->
            tx.first(
                "select * from revocation where id = ? and (org = ? or ? = '')",
                RevocationRows::read,
                id,
                org,
                org));
  }

  @Override
  public Optional<String> successor(Revocation entry) {
    Target target = entry.target();
    return transactions.read(
        tx ->
            tx.first(
                SUCCESSOR,
                row -> row.getString(1),
                target.org(),
                target.kind().wireName(),
                target.id(),
                entry.seq()));
  }

  @Override
  public List<Revocation> list(String org, Page page) {
    String kind = page.kind() == null ? null : page.kind().wireName();
    Instant before = page.beforeTime();
    return transactions.read(
        tx ->
            tx.query(
                LIST,
                RevocationRows::read,
                org,
                kind,
                kind,
                before,
                before,
                page.beforeId(),
                page.limit()));
  }

  @Override
  public boolean hasToken(String jti) {
    String sql = "select 1 from revocation where target = ? and kind = 'token' and current";
    return transactions.read(tx -> tx.first(sql, row -> row.getInt(1), jti)).isPresent();
  }

  @Override
  public boolean kills(String org, List<Name> names, long rev) {
    List<String> kinds = names.stream().map(name -> name.kind().wireName()).toList();
    List<String> ids = names.stream().map(Name::id).toList();
    return transactions.read(tx -> tx.first(KILLER, row -> 1, kinds, ids, org, rev)).isPresent();
  }

  /** Carries an order out; the entry has its place once the transaction has committed. */
  private Supplier<Revocation> carryOut(Transaction tx, WriteQueue.Prepared prepared)
      throws SQLException {
    RevocationOrder order = prepared.order();
    String id = ids.next(IdPrefix.REVOCATION);
    if (order.eventId() != null && !isFirst(tx, order.eventId(), id)) {
      Revocation before =
          tx.first(HANDLED, RevocationRows::read, order.eventId())
              .orElseThrow(() -> new SQLException("an event without its revocation"));
      return () -> before;
    }
    Replacement made = replace(tx, order, id);
    Revocation entry = made.entry();
    Optional<Signal> signal = Signal.of(entry, order, made.reopens(), issuer);
    if (signal.isPresent()) {
      signals.publish(tx, entry.target().org(), signal.get());
    }
    AtomicLong place = new AtomicLong();
    tx.publish(
        events.created(entry.target(), id, entry.effectiveAt(), prepared.traceparent()),
        seq -> {
          place.set(seq);
          return store(tx, entry.at(seq), order.asked());
        });
    audit.append(tx, prepared.auditRecord(), prepared.traceparent());
    return () -> entry.at(place.get());
  }

  private static boolean isFirst(Transaction tx, String eventId, String id) throws SQLException {
    String sql = "insert into revocation_event values (?, ?) on conflict do nothing";
    return tx.update(sql, eventId, id) == 1;
  }

  /**
   * An entry that takes its place.
   *
   * @param reopens whether it is open and the one before was closed
   */
  private record Replacement(Revocation entry, boolean reopens) {}

  private static Replacement replace(Transaction tx, RevocationOrder order, String id)
      throws SQLException {
    Target target = order.target();
    String kind = target.kind().wireName();
    PostgresWithdrawals.lock(tx, target);
    Optional<Revocation> replaced =
        tx.first(REPLACE, RevocationRows::read, target.org(), kind, target.id());
    boolean before = replaced.map(Revocation::closed).orElse(false);
    boolean closed = order.closing().after(before);
    Instant now = tx.clock().instant().truncatedTo(ChronoUnit.MICROS);
    Instant openUntil =
        replaced.filter(entry -> !entry.closed()).map(Revocation::expiresAt).orElse(null);
    Instant end = Retention.end(target.kind(), closed, now, order.lastKilled(), openUntil);
    return new Replacement(
        new Revocation(id, target, closed, order.reason(), order.actorId(), 0, now, end),
        before && !closed);
  }

  /** Runs under the sequence lock, when the place of the entry is known. */
  private static byte[] store(Transaction tx, Revocation entry, boolean asked) {
    try {
      RevocationRows.insert(tx, entry, asked);
      ChangeRows.add(tx, entry.change(), entry.effectiveAt());
    } catch (SQLException e) {
      throw new StorageException(e);
    }
    return Json.write(RevocationRows.state(entry));
  }

  private AuditDraft describe(RevocationOrder order) {
    Target target = order.target();
    String org = target.org().isEmpty() ? PLATFORM : target.org();
    AuditDraft draft =
        audit
            .draft("token.revoked", org, request)
            .with("type", target.kind().wireName())
            .with("id", target.id())
            .with("reason", order.reason())
            .with("actorId", order.actorId());
    draft.workspace(order.subject().workspaceId());
    List<String> chain = order.subject().sponsorChain();
    draft.subject(order.subject().identityId(), chain.isEmpty() ? ownChain() : chain);
    return switch (target.kind()) {
      case TOKEN, PARENT, CREDENTIAL -> draft.token(target.id());
      default -> draft;
    };
  }

  /** What has no chain of its own is revoked on behalf of the caller's human. */
  private List<String> ownChain() {
    return request
        .find()
        .map(
            caller ->
                switch (caller) {
                  case Caller.Tenant tenant -> tenant.sponsorChain();
                  case Caller.Platform ignored -> List.<String>of();
                })
        .orElse(List.of());
  }
}
