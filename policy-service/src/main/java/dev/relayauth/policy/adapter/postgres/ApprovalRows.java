package dev.relayauth.policy.adapter.postgres;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import dev.relayauth.common.http.Cursor;
import dev.relayauth.common.json.Json;
import dev.relayauth.common.outbox.Rows;
import dev.relayauth.common.outbox.Transaction;
import dev.relayauth.policy.domain.approval.Approval;
import dev.relayauth.policy.domain.approval.Approval.Status;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The rows of approvals. Every method works inside the transaction it is given. */
@Singleton
public final class ApprovalRows {
  private static final TypeReference<Map<String, Object>> CONTEXT = new TypeReference<>() {};
  private static final String INSERT =
      """
      insert into approval (org_id, id, identity_id, workspace_id, scope, context, request_hash,
          policy_id, status, created_at, expires_at)
      values (?, ?, ?, ?, ?, ?::jsonb, ?, ?, 'pending', ?, ?)
      on conflict do nothing
      """;

  /** The comparison and the change are one statement: of two that race, one finds no row. */
  private static final String USE =
      """
      update approval set status = 'used', used_at = ?, decision_id = ?
       where org_id = ? and request_hash = ? and status = 'approved' and expires_at > ?
      returning *
      """;

  private static final String STANDING =
      """
      select * from approval
       where org_id = ? and request_hash = ? and expires_at > ?
         and status in ('pending', 'approved', 'rejected')
       order by created_at desc limit 1
      """;
  private static final String COUNT_OPEN =
      """
      select count(*) from approval
       where org_id = ? and identity_id = ? and status in ('pending', 'approved')
      """;
  private static final String DECIDE =
      """
      update approval set status = ?, decided_by = ?, credential_id = ?, decided_at = ?, comment = ?,
          expires_at = ?
       where org_id = ? and id = ? and status = 'pending' and expires_at > ?
      returning *
      """;
  private static final String EXPIRE =
      """
      update approval set status = 'expired' where (org_id, id) in (
        select org_id, id from approval
         where status in ('pending', 'approved') and expires_at <= ?
         order by expires_at limit ? for update skip locked)
      returning *
      """;
  private static final String EXPIRE_OF_REQUEST =
      """
      update approval set status = 'expired'
       where org_id = ? and request_hash = ? and status in ('pending', 'approved')
         and expires_at <= ?
      returning *
      """;
  private static final String FIND = "select * from approval where org_id = ? and id = ?";
  private static final String PAGE =
      """
      select * from approval
       where org_id = ? %s and (created_at, id) < (?, ?)
       order by created_at desc, id desc limit ?
      """;
  private static final Cursor BEGINNING = new Cursor(Instant.parse("9999-01-01T00:00:00Z"), "~");

  /** Adds a pending approval; false when its request has an open one already. */
  public boolean insert(Transaction tx, Approval approval) throws SQLException {
    return tx.update(
            INSERT,
            approval.orgId(),
            approval.id(),
            approval.identityId(),
            approval.workspaceId(),
            approval.scope(),
            new String(Json.write(approval.context()), StandardCharsets.UTF_8),
            approval.requestHash(),
            approval.policyId(),
            approval.createdAt(),
            approval.expiresAt())
        == 1;
  }

  /** Takes the request's approval, if there is one that counts: it is then used. */
  public Optional<Approval> use(
      Transaction tx, String org, String hash, String decisionId, Instant now) throws SQLException {
    return tx.first(USE, ApprovalRows::read, now, decisionId, org, hash, now);
  }

  /** What stands about a request: that it waits, or that a human has answered. */
  public Optional<Approval> standing(Transaction tx, String org, String hash, Instant now)
      throws SQLException {
    return tx.first(STANDING, ApprovalRows::read, org, hash, now);
  }

  /** How many open ones an agent has. */
  public long countOpen(Transaction tx, String org, String identityId) throws SQLException {
    return tx.first(COUNT_OPEN, row -> row.getLong(1), org, identityId).orElse(0L);
  }

  /**
   * Who answers.
   *
   * @param credential the API key out of which their token came; null when they signed in
   */
  public record By(String human, @Nullable String credential) {}

  /** Answers a pending approval; empty when it is not pending any more. */
  public Optional<Approval> decide(
      Transaction tx,
      Approval known,
      Status answer,
      By by,
      @Nullable String comment,
      Instant now,
      Instant expiresAt)
      throws SQLException {
    return tx.first(
        DECIDE,
        ApprovalRows::read,
        answer,
        by.human(),
        by.credential(),
        now,
        comment,
        expiresAt,
        known.orgId(),
        known.id(),
        now);
  }

  /** Closes some of what is late, whatever the organisation. */
  public List<Approval> expire(Transaction tx, Instant now, int limit) throws SQLException {
    return tx.query(EXPIRE, ApprovalRows::read, now, limit);
  }

  /** Closes what is late of one request. */
  public List<Approval> expire(Transaction tx, String org, String hash, Instant now)
      throws SQLException {
    return tx.query(EXPIRE_OF_REQUEST, ApprovalRows::read, org, hash, now);
  }

  /** One approval. */
  public Optional<Approval> find(Transaction tx, String org, String id) throws SQLException {
    return tx.first(FIND, ApprovalRows::read, org, id);
  }

  /** At most {@code limit} approvals after the cursor, newest first. */
  public List<Approval> list(
      Transaction tx, String org, @Nullable Status status, @Nullable Cursor after, int limit)
      throws SQLException {
    Cursor from = after == null ? BEGINNING : after;
    return status == null
        ? tx.query(PAGE.formatted(""), ApprovalRows::read, org, from.createdAt(), from.id(), limit)
        : tx.query(
            PAGE.formatted("and status = ?"),
            ApprovalRows::read,
            org,
            status,
            from.createdAt(),
            from.id(),
            limit);
  }

  private static Approval read(ResultSet row) throws SQLException {
    return new Approval(
        row.getString("org_id"),
        row.getString("id"),
        row.getString("identity_id"),
        row.getString("workspace_id"),
        row.getString("scope"),
        context(row.getString("context")),
        row.getString("request_hash"),
        row.getString("policy_id"),
        Status.valueOf(row.getString("status")),
        Rows.instant(row, "created_at"),
        Rows.instant(row, "expires_at"),
        row.getString("decided_by"),
        Rows.instantOrNull(row, "decided_at"),
        row.getString("comment"),
        Rows.instantOrNull(row, "used_at"),
        row.getString("decision_id"),
        row.getString("credential_id"));
  }

  private static Map<String, Object> context(String json) {
    try {
      return Json.MAPPER.readValue(json, CONTEXT);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a row of ours that is not JSON", e);
    }
  }
}
