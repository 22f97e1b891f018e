package dev.relayauth.policy.adapter.postgres;

import dev.relayauth.common.event.RoleState;
import dev.relayauth.common.http.Cursor;
import dev.relayauth.common.outbox.Rows;
import dev.relayauth.common.outbox.Transaction;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The rows of roles. Every method works inside the transaction it is given. */
@Singleton
public final class RoleStore {
  private static final String INSERT =
      """
      insert into role (org_id, id, name, description, scopes, workspace_id, created_at, updated_at)
      values (?, ?, ?, ?, ?, ?, ?, ?)
      """;
  private static final String UPDATE =
      """
      update role set name = ?, description = ?, scopes = ?, updated_at = ?, deleted = ?
       where org_id = ? and id = ?
      """;
  private static final String FIND =
      "select * from role where org_id = ? and id = any(?) and not deleted";
  private static final String LOCK =
      "select * from role where org_id = ? and id = ? and not deleted for update";
  private static final String FIRST_PAGE =
      """
      select * from role where org_id = ? and not deleted
       order by created_at desc, id desc limit ?
      """;
  private static final String NEXT_PAGE =
      """
      select * from role where org_id = ? and not deleted and (created_at, id) < (?, ?)
       order by created_at desc, id desc limit ?
      """;

  /** Adds a role; a name that is taken is a unique violation. */
  public void insert(Transaction tx, RoleState role) throws SQLException {
    tx.update(
        INSERT,
        role.orgId(),
        role.id(),
        role.name(),
        role.description(),
        role.scopes(),
        role.workspaceId(),
        role.createdAt(),
        role.updatedAt());
  }

  /** Writes what may change, deletion included. */
  public void update(Transaction tx, RoleState role) throws SQLException {
    tx.update(
        UPDATE,
        role.name(),
        role.description(),
        role.scopes(),
        role.updatedAt(),
        role.deleted(),
        role.orgId(),
        role.id());
  }

  /** Those of the roles that exist. */
  public List<RoleState> find(Transaction tx, String org, List<String> ids) throws SQLException {
    return tx.query(FIND, RoleStore::read, org, ids);
  }

  /** The role, locked until the transaction ends. */
  public Optional<RoleState> lock(Transaction tx, String org, String id) throws SQLException {
    return tx.first(LOCK, RoleStore::read, org, id);
  }

  /** At most {@code limit} roles after the cursor, newest first. */
  public List<RoleState> list(Transaction tx, String org, @Nullable Cursor after, int limit)
      throws SQLException {
    return after == null
        ? tx.query(FIRST_PAGE, RoleStore::read, org, limit)
        : tx.query(NEXT_PAGE, RoleStore::read, org, after.createdAt(), after.id(), limit);
  }

  private static RoleState read(ResultSet row) throws SQLException {
    return new RoleState(
        row.getString("org_id"),
        row.getString("id"),
        row.getString("name"),
        row.getString("description"),
        Rows.strings(row, "scopes"),
        row.getString("workspace_id"),
        false,
        row.getBoolean("deleted"),
        Rows.instant(row, "created_at"),
        Rows.instant(row, "updated_at"),
        0);
  }
}
