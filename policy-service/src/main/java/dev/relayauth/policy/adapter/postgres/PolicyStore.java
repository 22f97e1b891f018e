package dev.relayauth.policy.adapter.postgres;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import dev.relayauth.common.event.PolicyState;
import dev.relayauth.common.http.Cursor;
import dev.relayauth.common.json.Json;
import dev.relayauth.common.outbox.Rows;
import dev.relayauth.common.outbox.Transaction;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The rows of policies. Every method works inside the transaction it is given. */
@Singleton
public final class PolicyStore {
  private static final TypeReference<List<PolicyState.Condition>> CONDITIONS =
      new TypeReference<>() {};
  private static final TypeReference<List<Map<String, String>>> OBLIGATIONS =
      new TypeReference<>() {};
  private static final String INSERT =
      """
      insert into policy (name, description, effect, scopes, conditions, obligations, priority,
          workspace_id, identity_id, updated_at, deleted, created_at, org_id, id)
      values (?, ?, ?, ?, ?::jsonb, ?::jsonb, ?, ?, ?, ?, ?, ?, ?, ?)
      """;
  private static final String UPDATE =
      """
      update policy
         set name = ?, description = ?, effect = ?, scopes = ?, conditions = ?::jsonb,
             obligations = ?::jsonb, priority = ?, workspace_id = ?, identity_id = ?,
             updated_at = ?, deleted = ?
       where created_at = ? and org_id = ? and id = ?
      """;
  private static final String FIND =
      "select * from policy where org_id = ? and id = ? and not deleted";
  private static final String FIRST_PAGE =
      """
      select * from policy where org_id = ? and not deleted
       order by created_at desc, id desc limit ?
      """;
  private static final String NEXT_PAGE =
      """
      select * from policy where org_id = ? and not deleted and (created_at, id) < (?, ?)
       order by created_at desc, id desc limit ?
      """;

  /** Adds a policy; a name that is taken is a unique violation. */
  public void insert(Transaction tx, PolicyState policy) throws SQLException {
    tx.update(INSERT, columns(policy));
  }

  /** Writes the policy as it is now, deletion included. */
  public void update(Transaction tx, PolicyState policy) throws SQLException {
    tx.update(UPDATE, columns(policy));
  }

  private static @Nullable Object[] columns(PolicyState policy) {
    return new @Nullable Object[] {
      policy.name(),
      policy.description(),
      policy.effect(),
      policy.scopes(),
      json(policy.conditions()),
      json(policy.obligations()),
      policy.priority(),
      policy.workspaceId(),
      policy.identityId(),
      policy.updatedAt(),
      policy.deleted(),
      policy.createdAt(),
      policy.orgId(),
      policy.id()
    };
  }

  /** The policy, when it exists. */
  public Optional<PolicyState> find(Transaction tx, String org, String id) throws SQLException {
    return tx.first(FIND, PolicyStore::read, org, id);
  }

  /** The policy, locked until the transaction ends. */
  public Optional<PolicyState> lock(Transaction tx, String org, String id) throws SQLException {
    return tx.first(FIND + " for update", PolicyStore::read, org, id);
  }

  /** At most {@code limit} policies after the cursor, newest first. */
  public List<PolicyState> list(Transaction tx, String org, @Nullable Cursor after, int limit)
      throws SQLException {
    return after == null
        ? tx.query(FIRST_PAGE, PolicyStore::read, org, limit)
        : tx.query(NEXT_PAGE, PolicyStore::read, org, after.createdAt(), after.id(), limit);
  }

  private static PolicyState read(ResultSet row) throws SQLException {
    return new PolicyState(
        row.getString("org_id"),
        row.getString("id"),
        row.getString("name"),
        row.getString("description"),
        PolicyState.Effect.valueOf(row.getString("effect")),
        Rows.strings(row, "scopes"),
        parse(row.getString("conditions"), CONDITIONS),
        parse(row.getString("obligations"), OBLIGATIONS),
        row.getInt("priority"),
        row.getString("workspace_id"),
        row.getString("identity_id"),
        row.getBoolean("deleted"),
        Rows.instant(row, "created_at"),
        Rows.instant(row, "updated_at"),
        0);
  }

  private static String json(Object value) {
    return new String(Json.write(value), StandardCharsets.UTF_8);
  }

  private static <T> T parse(String json, TypeReference<T> type) {
    try {
      return Json.MAPPER.readValue(json, type);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a row of ours that is not JSON", e);
    }
  }
}
