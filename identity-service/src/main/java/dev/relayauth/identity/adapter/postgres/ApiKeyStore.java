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
  /**
   * A key with what only its owner knows.
   *
   * @param lastUsedAt when it was last presented, to the minute
   * @param replacedBy the key that a rotation has made of it
   */
  public record Stored(
      ApiKeyState state, @Nullable Instant lastUsedAt, @Nullable String replacedBy) {}

  void insert(Transaction tx, ApiKeyState k) throws SQLException {
    tx.update(
        """
        insert into api_key (id, org_id, kind, hash, prefix, name, scopes, sponsor_id, identity_id,
            sponsor_chain, workspace_id, created_at, expires_at, rev, may_act, place)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        k.id(),
        k.orgId(),
        k.kind(),
        k.hash(),
        k.prefix(),
        k.name(),
        k.scopes(),
        k.sponsorId(),
        k.identityId(),
        k.sponsorChain(),
        k.workspaceId(),
        k.createdAt(),
        k.expiresAt(),
        k.rev(),
        k.mayAct(),
        k.place());
  }

  Optional<ApiKeyState> byHash(Transaction tx, String hash) throws SQLException {
    return tx.first("select * from api_key where hash = ?", ApiKeyStore::key, hash);
  }

  Optional<Stored> find(Transaction tx, String org, String id) throws SQLException {
    return tx.first(
        "select * from api_key where org_id = ? and id = ?", ApiKeyStore::stored, org, id);
  }

  /** A key, locked until the transaction ends. */
  Optional<Stored> lock(Transaction tx, String org, String id) throws SQLException {
    return tx.first(
        "select * from api_key where org_id = ? and id = ? for update",
        ApiKeyStore::stored,
        org,
        id);
  }

  /** Has a key end then, in favour of another. */
  ApiKeyState replace(Transaction tx, String id, String successor, Instant end)
      throws SQLException {
    return tx.first(
            """
            update api_key set replaced_by = ?, expires_at = least(expires_at, ?) where id = ?
            returning *
            """,
            ApiKeyStore::key,
            successor,
            end,
            id)
        .orElseThrow();
  }

  /** The keys of an identity and of all under it that are not revoked, locked. */
  List<ApiKeyState> lockUnder(Transaction tx, String org, String identity) throws SQLException {
    return tx.query(
        """
        select * from api_key
         where org_id = ? and revoked_at is null and identity_id in (
           select id from identity where org_id = ? and sponsor_chain @> array[?])
         order by id for update
        """,
        ApiKeyStore::key,
        org,
        org,
        identity);
  }

  /** Leaves a key that is locked these scopes. */
  ApiKeyState narrow(Transaction tx, String id, List<String> scopes) throws SQLException {
    return tx.first(
            "update api_key set scopes = ? where id = ? returning *", ApiKeyStore::key, scopes, id)
        .orElseThrow();
  }

  /** Gives keys that have none the chain and place that their identity has, and returns them. */
  List<ApiKeyState> trace(Transaction tx, int limit) throws SQLException {
    return tx.query(
        """
        update api_key k
           set sponsor_chain = coalesce(
                 (select i.sponsor_chain from identity i
                   where i.org_id = k.org_id and i.id = k.identity_id),
                 array_remove(array[k.sponsor_id, k.identity_id], null)),
               place = (select i.workspace_id from identity i
                         where i.org_id = k.org_id and i.id = k.identity_id)
         where k.id in (
           select id from api_key where sponsor_chain is null limit ? for update skip locked)
        returning k.*
        """,
        ApiKeyStore::key,
        limit);
  }

  /** Notes when keys were last presented; later reports win, whatever their order. */
  void used(Transaction tx, List<String> orgs, List<String> ids, List<String> times)
      throws SQLException {
    tx.update(
        """
        update api_key k set last_used_at = u.at
          from unnest(?::text[], ?::text[], ?::timestamptz[]) as u(org_id, id, at)
         where k.org_id = u.org_id and k.id = u.id
           and (k.last_used_at is null or k.last_used_at < u.at)
        """,
        orgs,
        ids,
        times);
  }

  /** Revokes a key that is locked, and returns it as it is now. */
  ApiKeyState revoke(Transaction tx, String id, Instant now) throws SQLException {
    return tx.first(
            "update api_key set revoked_at = ? where id = ? returning *", ApiKeyStore::key, now, id)
        .orElseThrow();
  }

  List<Stored> list(Transaction tx, String org, DirectoryStore.Page page) throws SQLException {
    @Nullable Instant before = page.beforeCreated();
    return tx.query(
        """
        select * from api_key
         where org_id = ? and (?::timestamptz is null or (created_at, id) < (?, ?))
         order by created_at desc, id desc limit ?
        """,
        ApiKeyStore::stored,
        org,
        before,
        before,
        page.beforeId(),
        page.limit() + 1);
  }

  private static Stored stored(ResultSet row) throws SQLException {
    return new Stored(
        key(row), Rows.instantOrNull(row, "last_used_at"), row.getString("replaced_by"));
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
        row.getArray("sponsor_chain") == null ? List.of() : Rows.strings(row, "sponsor_chain"),
        row.getString("workspace_id"),
        Rows.instant(row, "created_at"),
        Rows.instantOrNull(row, "expires_at"),
        Rows.instantOrNull(row, "revoked_at"),
        0,
        row.getLong("rev"),
        Rows.strings(row, "may_act"),
        row.getString("place"));
  }
}
