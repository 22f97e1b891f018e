package dev.relayauth.identity.adapter.postgres;

import dev.relayauth.common.event.ApiKeyState;
import dev.relayauth.common.outbox.Rows;
import dev.relayauth.common.outbox.Transaction;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The rows of API keys and workspace tokens. */
@Singleton
public final class ApiKeyStore {
  void insert(Transaction tx, ApiKeyState k) throws SQLException {
    tx.update(
        "insert into api_key values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, null, ?)",
        k.id(),
        k.orgId(),
        k.kind(),
        k.hash(),
        k.prefix(),
        k.name(),
        k.scopes(),
        k.sponsorId(),
        k.identityId(),
        k.workspaceId(),
        k.createdAt(),
        k.expiresAt(),
        k.rev());
  }

  Optional<ApiKeyState> byHash(Transaction tx, String hash) throws SQLException {
    return tx.first("select * from api_key where hash = ?", ApiKeyStore::key, hash);
  }

  Optional<ApiKeyState> find(Transaction tx, String org, String id) throws SQLException {
    return tx.first("select * from api_key where org_id = ? and id = ?", ApiKeyStore::key, org, id);
  }

  /** Revokes a key; empty when there is none that is not revoked yet. */
  Optional<ApiKeyState> revoke(Transaction tx, String org, String id, Instant now)
      throws SQLException {
    return tx.first(
        """
        update api_key set revoked_at = ?
         where org_id = ? and id = ? and revoked_at is null returning *
        """,
        ApiKeyStore::key,
        now,
        org,
        id);
  }

  List<ApiKeyState> list(Transaction tx, String org, DirectoryStore.Page page) throws SQLException {
    @Nullable Instant before = page.beforeCreated();
    return tx.query(
        """
        select * from api_key
         where org_id = ? and (?::timestamptz is null or (created_at, id) < (?, ?))
         order by created_at desc, id desc limit ?
        """,
        ApiKeyStore::key,
        org,
        before,
        before,
        page.beforeId(),
        page.limit() + 1);
  }

  private static ApiKeyState key(ResultSet row) throws SQLException {
    return new ApiKeyState(
        row.getString("org_id"),
        row.getString("id"),
        ApiKeyState.Kind.valueOf(row.getString("kind")),
        row.getString("hash"),
        row.getString("prefix"),
        row.getString("name"),
        Rows.strings(row, "scopes"),
        row.getString("sponsor_id"),
        row.getString("identity_id"),
        row.getString("workspace_id"),
        Rows.instant(row, "created_at"),
        Rows.instantOrNull(row, "expires_at"),
        Rows.instantOrNull(row, "revoked_at"),
        0,
        row.getLong("rev"));
  }
}
