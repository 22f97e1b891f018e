package dev.relayauth.audit.adapter.postgres;

import dev.relayauth.audit.domain.webhook.Delivery;
import dev.relayauth.audit.domain.webhook.RetryRule;
import dev.relayauth.audit.domain.webhook.Webhook;
import dev.relayauth.audit.domain.webhook.WebhookSecret;
import dev.relayauth.common.audit.AuditRecords;
import dev.relayauth.common.http.Cursor;
import dev.relayauth.common.outbox.Rows;
import dev.relayauth.common.outbox.Transaction;
import dev.relayauth.common.outbox.Transactions;
import dev.relayauth.common.secret.SecretSeal;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Deliveries as rows: claimed under a lease, so that a replica that dies holds nothing up. */
@Singleton
public final class PostgresDeliveries {
  private static final Duration LEASE = Duration.ofSeconds(60);

  /** A few of each webhook: one that is slow must not hold the others up. */
  private static final String CLAIM =
      """
      update audit_delivery d set next_attempt_at = ?, attempts = d.attempts + 1
      from audit_webhook w
      where w.id = d.webhook_id and d.id in (
        select due.id from audit_webhook h cross join lateral (
          select id from audit_delivery
          where webhook_id = h.id and status = 'pending' and next_attempt_at <= ?
          order by next_attempt_at limit 4 for update skip locked) due
        where h.status <> 'disabled' and h.id <> all(?))
      returning d.id, d.webhook_id, d.event, d.body, d.attempts, w.url, w.secret
      """;

  private static final String SUCCEED =
      """
      update audit_delivery set status = 'delivered', response_status = ?, error = null,
        ended_at = ? where id = ?
      """;
  private static final String RECOVER =
      """
      update audit_webhook set failures = 0, failing_since = null, status = 'active'
      where id = ? and (failures > 0 or status = 'degraded')
      """;
  private static final String FAIL =
      """
      update audit_delivery set response_status = ?, error = ?,
        status = case when ?::timestamptz is null then 'failed' else 'pending' end,
        next_attempt_at = coalesce(?, next_attempt_at), ended_at = ? where id = ?
      """;
  private static final String COUNT_FAILURE =
      """
      update audit_webhook set failures = failures + 1,
        failing_since = coalesce(failing_since, ?)
      where id = ? returning failures, failing_since, status, org
      """;
  private static final String GIVE_UP =
      """
      update audit_delivery set status = 'failed', error = 'the webhook is disabled',
        ended_at = ? where webhook_id = ? and status = 'pending'
      """;

  private final Transactions transactions;
  private final SecretSeal seal;
  private final AuditRecords records;
  private final RetryRule rule;
  private final InstantSource clock;
  private final RandomGenerator random = RandomGenerator.getDefault();

  PostgresDeliveries(
      Transactions transactions,
      SecretSeal seal,
      AuditRecords records,
      RetryRule rule,
      InstantSource clock) {
    this.transactions = transactions;
    this.seal = seal;
    this.records = records;
    this.rule = rule;
    this.clock = clock;
  }

  /** A message whose turn it is. */
  public record Due(
      String id, String webhookId, String url, WebhookSecret secret, String body, int attempts) {}

  private record Health(int failures, Instant failingSince, Webhook.Status before, String org) {}

  /** Takes messages that are due, of webhooks that aren't busy. Blocking. */
  public List<Due> claim(Collection<String> busy) {
    Instant now = clock.instant();
    return transactions.write(tx -> tx.query(CLAIM, this::due, now.plus(LEASE), now, busy)).value();
  }

  /** The receiver took it. */
  public void succeeded(Due due, int responseStatus) {
    transactions.write(
        tx -> {
          // The webhook before its message, as its removal locks them.
          tx.update(RECOVER, due.webhookId());
          return tx.update(SUCCEED, responseStatus, clock.instant(), due.id());
        });
  }

  /** The receiver did not take it: it comes again later, or not any more. */
  public void failed(Due due, @Nullable Integer responseStatus, String error) {
    Instant now = clock.instant();
    Instant again = rule.wait(due.attempts(), random).map(now::plus).orElse(null);
    transactions.write(
        tx -> {
          Instant ended = again == null ? now : null;
          // The webhook before its message, as its removal locks them.
          Optional<Health> health =
              tx.first(COUNT_FAILURE, PostgresDeliveries::health, now, due.webhookId());
          tx.update(FAIL, responseStatus, error, again, again, ended, due.id());
          if (health.isPresent()) {
            judge(tx, due.webhookId(), health.get(), responseStatus);
          }
          return due.id();
        });
  }

  /** Queues one message for one webhook. */
  public void enqueue(Delivery delivery, String org, String body) {
    transactions.write(
        tx ->
            tx.update(
                "insert into audit_delivery (id, webhook_id, org, event, entry_id, body,"
                    + " next_attempt_at, created_at) values (?, ?, ?, ?, ?, ?, ?, ?)",
                delivery.id(),
                delivery.webhookId(),
                org,
                delivery.event(),
                delivery.id(),
                body,
                delivery.createdAt(),
                delivery.createdAt()));
  }

  /** The deliveries of a webhook, newest first. */
  public List<Delivery> page(String webhookId, int limit, @Nullable Cursor after) {
    String sql =
        "select * from audit_delivery where webhook_id = ?"
            + (after == null ? "" : " and (created_at, id) < (?, ?)")
            + " order by created_at desc, id desc limit ?";
    return transactions.read(
        tx ->
            after == null
                ? tx.query(sql, PostgresDeliveries::read, webhookId, limit)
                : tx.query(
                    sql,
                    PostgresDeliveries::read,
                    webhookId,
                    after.createdAt(),
                    after.id(),
                    limit));
  }

  /** Forgets what ended before. */
  public int forget(Instant before) {
    return transactions
        .write(tx -> tx.update("delete from audit_delivery where ended_at < ?", before))
        .value();
  }

  private void judge(
      Transaction tx, String webhookId, Health health, @Nullable Integer responseStatus)
      throws SQLException {
    Instant now = clock.instant();
    Webhook.Status after =
        rule.afterFailure(health.failures(), health.failingSince(), now, responseStatus);
    if (after == health.before() || health.before() == Webhook.Status.disabled) {
      return;
    }
    tx.update("update audit_webhook set status = ? where id = ?", after, webhookId);
    records.append(
        tx,
        records
            .draft("organization.webhook_" + after.name(), health.org())
            .with("webhookId", webhookId)
            .with("failures", Integer.toString(health.failures()))
            .build(),
        null);
    if (after == Webhook.Status.disabled) {
      tx.update(GIVE_UP, now, webhookId);
    }
  }

  private static Health health(ResultSet row) throws SQLException {
    return new Health(
        row.getInt("failures"),
        Rows.instant(row, "failing_since"),
        Webhook.Status.valueOf(row.getString("status")),
        row.getString("org"));
  }

  private Due due(ResultSet row) throws SQLException {
    String webhookId = row.getString("webhook_id");
    return new Due(
        row.getString("id"),
        webhookId,
        row.getString("url"),
        WebhookSecret.of(seal.open(webhookId, row.getBytes("secret"))),
        row.getString("body"),
        row.getInt("attempts"));
  }

  private static Delivery read(ResultSet row) throws SQLException {
    Delivery.Status status = Delivery.Status.valueOf(row.getString("status"));
    int response = row.getInt("response_status");
    Integer responseStatus = row.wasNull() ? null : response;
    return new Delivery(
        row.getString("id"),
        row.getString("webhook_id"),
        row.getString("event"),
        status,
        row.getInt("attempts"),
        responseStatus,
        row.getString("error"),
        Rows.instant(row, "created_at"),
        status == Delivery.Status.pending ? Rows.instant(row, "next_attempt_at") : null,
        Rows.instantOrNull(row, "ended_at"));
  }
}
