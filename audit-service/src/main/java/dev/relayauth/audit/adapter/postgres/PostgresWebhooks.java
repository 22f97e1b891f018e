package dev.relayauth.audit.adapter.postgres;

import dev.relayauth.audit.domain.tree.TreeHasher;
import dev.relayauth.audit.domain.webhook.Webhook;
import dev.relayauth.audit.domain.webhook.WebhookSecret;
import dev.relayauth.common.audit.AuditDraft;
import dev.relayauth.common.audit.AuditRecords;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.http.Cursor;
import dev.relayauth.common.outbox.Rows;
import dev.relayauth.common.outbox.Transaction;
import dev.relayauth.common.outbox.Transactions;
import dev.relayauth.common.secret.SecretSeal;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Webhooks as rows, their secrets encrypted. The tree's row says whether an organisation has any,
 * so that an append knows without another query.
 */
@Singleton
public final class PostgresWebhooks {
  private static final int MAX_PER_ORG = 100;
  private static final String MARK =
      """
      insert into audit_tree (org, root, webhooks) values (?, ?, true)
      on conflict (org) do update set webhooks = true
      """;

  /** Appends lock the tree, then the webhooks that their messages are for: so does a removal. */
  private static final String LOCK_TREE = "select 1 from audit_tree where org = ? for update";

  private static final String UNMARK =
      """
      update audit_tree set webhooks = exists (select 1 from audit_webhook where org = ?)
      where org = ?
      """;

  private final Transactions transactions;
  private final SecretSeal seal;
  private final AuditRecords records;

  PostgresWebhooks(Transactions transactions, SecretSeal seal, AuditRecords records) {
    this.transactions = transactions;
    this.seal = seal;
    this.records = records;
  }

  /** Adds one; empty when the organisation has as many as it may. */
  public Optional<Long> add(Webhook hook, WebhookSecret secret, CurrentRequest request) {
    Transactions.Committed<Boolean> added =
        transactions.write(
            tx -> {
              tx.update(MARK, hook.org(), new TreeHasher().empty());
              long present =
                  tx.first(
                          "select count(*) from audit_webhook where org = ?",
                          row -> row.getLong(1),
                          hook.org())
                      .orElse(0L);
              if (present >= MAX_PER_ORG) {
                return false;
              }
              insert(tx, hook, secret);
              records.append(tx, draft("webhook_created", hook, request), request);
              return true;
            });
    return added.value() ? Optional.of(added.sequence()) : Optional.empty();
  }

  /** Webhooks of an organisation, newest first. */
  public List<Webhook> page(String org, int limit, @Nullable Cursor after) {
    String sql =
        "select * from audit_webhook where org = ?"
            + (after == null ? "" : " and (created_at, id) < (?, ?)")
            + " order by created_at desc, id desc limit ?";
    return transactions.read(
        tx ->
            after == null
                ? tx.query(sql, PostgresWebhooks::read, org, limit)
                : tx.query(sql, PostgresWebhooks::read, org, after.createdAt(), after.id(), limit));
  }

  /** One webhook of an organisation. */
  public Optional<Webhook> find(String org, String id) {
    return transactions.read(tx -> find(tx, org, id));
  }

  /** Removes one with what waits for it; empty when there is none. */
  public Optional<Long> remove(String org, String id, CurrentRequest request) {
    Transactions.Committed<Boolean> removed =
        transactions.write(
            tx -> {
              tx.first(LOCK_TREE, row -> row.getInt(1), org);
              Optional<Webhook> hook = find(tx, org, id);
              if (hook.isEmpty()) {
                return false;
              }
              tx.update("delete from audit_webhook where org = ? and id = ?", org, id);
              tx.update(UNMARK, org, org);
              records.append(tx, draft("webhook_deleted", hook.get(), request), request);
              return true;
            });
    return removed.value() ? Optional.of(removed.sequence()) : Optional.empty();
  }

  /** Has one be sent to again; empty when there is none. */
  public Optional<Long> enable(String org, String id, CurrentRequest request) {
    Transactions.Committed<Boolean> enabled =
        transactions.write(
            tx -> {
              Optional<Webhook> hook = find(tx, org, id);
              if (hook.isEmpty()) {
                return false;
              }
              tx.update(
                  "update audit_webhook set status = 'active', failures = 0, failing_since = null"
                      + " where org = ? and id = ?",
                  org,
                  id);
              records.append(tx, draft("webhook_enabled", hook.get(), request), request);
              return true;
            });
    return enabled.value() ? Optional.of(enabled.sequence()) : Optional.empty();
  }

  private void insert(Transaction tx, Webhook hook, WebhookSecret secret) throws SQLException {
    tx.update(
        "insert into audit_webhook (id, org, url, secret, events, created_at)"
            + " values (?, ?, ?, ?, ?, ?)",
        hook.id(),
        hook.org(),
        hook.url(),
        seal.seal(hook.id(), secret.reveal()),
        hook.events(),
        hook.createdAt());
  }

  private AuditDraft draft(String what, Webhook hook, CurrentRequest request) {
    return records
        .draft("organization." + what, hook.org(), request)
        .with("webhookId", hook.id())
        .with("host", java.net.URI.create(hook.url()).getHost());
  }

  private static Optional<Webhook> find(Transaction tx, String org, String id) throws SQLException {
    return tx.first(
        "select * from audit_webhook where org = ? and id = ?", PostgresWebhooks::read, org, id);
  }

  private static Webhook read(ResultSet row) throws SQLException {
    return new Webhook(
        row.getString("id"),
        row.getString("org"),
        row.getString("url"),
        Rows.strings(row, "events"),
        Webhook.Status.valueOf(row.getString("status")),
        row.getInt("failures"),
        Rows.instant(row, "created_at"));
  }
}
