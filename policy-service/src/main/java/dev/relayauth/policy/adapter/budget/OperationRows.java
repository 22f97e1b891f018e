package dev.relayauth.policy.adapter.budget;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import dev.relayauth.common.json.Json;
import dev.relayauth.common.outbox.Rows;
import dev.relayauth.common.outbox.Transaction;
import dev.relayauth.policy.domain.budget.Allocation;
import dev.relayauth.policy.domain.budget.Operation;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The rows of operations. Every method works inside the transaction it is given. */
@Singleton
final class OperationRows {
  private static final TypeReference<List<Allocation>> ALLOCATIONS = new TypeReference<>() {};
  private static final String INSERT =
      """
      insert into budget_operation (org_id, id, identity_id, kind, status, amount, settled,
          currency, idempotency_key, request_hash, allocations, created_at, expires_at)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?, ?)
      on conflict do nothing
      """;
  private static final String RESOLVE =
      "update budget_operation set status = ?, settled = ? where org_id = ? and id = ?";
  private static final String LOCK =
      """
      select * from budget_operation where org_id = ? and identity_id = ? and id = ? for update
      """;
  private static final String BY_KEY =
      """
      select * from budget_operation
       where org_id = ? and identity_id = ? and idempotency_key = ? for update
      """;
  private static final String EXPIRED =
      """
      select * from budget_operation where status = 'reserved' and expires_at < ?
       order by expires_at limit 1 for update skip locked
      """;

  private static final String IS_DUE =
      """
      select exists (select from budget_operation
       where status = 'reserved' and expires_at < ? and org_id = ?)
      """;
  // Waits for those that somebody else has: what they held has room only then.
  private static final String DUE =
      """
      select * from budget_operation where status = 'reserved' and expires_at < ? and org_id = ?
       order by expires_at limit 1 for update
      """;

  /** How a client repeats a request: its key, and a digest of all that it asks for. */
  record Idempotency(@Nullable String key, String hash) {}

  /** An operation and the digest of the request that made it. */
  record Known(Operation operation, String hash) {}

  /** Adds an operation; false when its id or key is taken. */
  boolean insert(Transaction tx, Operation operation, Idempotency idempotency) throws SQLException {
    return tx.update(
            INSERT,
            operation.org(),
            operation.id(),
            operation.identityId(),
            operation.kind(),
            operation.status(),
            operation.amount(),
            operation.settled(),
            operation.currency(),
            idempotency.key(),
            idempotency.hash(),
            new String(Json.write(operation.allocations()), StandardCharsets.UTF_8),
            operation.createdAt(),
            operation.expiresAt())
        == 1;
  }

  void resolve(Transaction tx, Operation resolved) throws SQLException {
    tx.update(RESOLVE, resolved.status(), resolved.settled(), resolved.org(), resolved.id());
  }

  Optional<Operation> lock(Transaction tx, String org, String identityId, String id)
      throws SQLException {
    return tx.first(LOCK, OperationRows::read, org, identityId, id);
  }

  Optional<Known> byKey(Transaction tx, String org, String identityId, @Nullable String key)
      throws SQLException {
    return key == null
        ? Optional.empty()
        : tx.first(
            BY_KEY,
            row -> new Known(read(row), String.valueOf(row.getString("request_hash"))),
            org,
            identityId,
            key);
  }

  /** A reservation that has expired, locked; those that somebody else has are left out. */
  Optional<Operation> expired(Transaction tx) throws SQLException {
    return tx.first(EXPIRED, OperationRows::read, tx.clock().instant());
  }

  /** Whether an organisation has reservations that have expired and hold something still. */
  static boolean isDue(Transaction tx, String org) throws SQLException {
    return tx.first(IS_DUE, row -> row.getBoolean(1), tx.clock().instant(), org).orElse(false);
  }

  /** A reservation of an organisation that has expired, locked. */
  Optional<Operation> due(Transaction tx, String org) throws SQLException {
    return tx.first(DUE, OperationRows::read, tx.clock().instant(), org);
  }

  private static Operation read(ResultSet row) throws SQLException {
    long settled = row.getLong("settled");
    Long known = row.wasNull() ? null : settled;
    return new Operation(
        row.getString("org_id"),
        row.getString("id"),
        row.getString("identity_id"),
        Operation.Kind.valueOf(row.getString("kind")),
        Operation.Status.valueOf(row.getString("status")),
        row.getLong("amount"),
        known,
        row.getString("currency"),
        allocations(row.getString("allocations")),
        Rows.instant(row, "created_at"),
        Rows.instant(row, "expires_at"));
  }

  private static List<Allocation> allocations(String json) {
    try {
      return Json.MAPPER.readValue(json, ALLOCATIONS);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a row of ours that is not JSON", e);
    }
  }
}
