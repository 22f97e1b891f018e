package dev.relayauth.identity.adapter.postgres;

import dev.relayauth.common.event.OrganizationSettings;
import dev.relayauth.common.event.OrganizationState;
import dev.relayauth.common.event.SponsorState;
import dev.relayauth.common.event.WorkspaceState;
import dev.relayauth.common.json.Json;
import dev.relayauth.common.outbox.Rows;
import dev.relayauth.common.outbox.Transaction;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The rows of organisations, workspaces and sponsors. */
@Singleton
public final class DirectoryStore {
  /** Where a page starts, and its size. */
  public record Page(@Nullable Instant beforeCreated, @Nullable String beforeId, int limit) {}

  boolean insert(Transaction tx, OrganizationState o) throws SQLException {
    return tx.update(
            """
            insert into organization values (?, ?, ?, ?, ?::jsonb, ?, ?) on conflict do nothing
            """,
            o.id(),
            o.name(),
            o.email(),
            o.signingAlgorithm(),
            IdentityRows.json(o.settings()),
            o.createdAt(),
            o.updatedAt())
        == 1;
  }

  void update(Transaction tx, OrganizationState o) throws SQLException {
    tx.update(
        """
        update organization set name = ?, email = ?, signing_algorithm = ?, settings = ?::jsonb,
               updated_at = ? where id = ?
        """,
        o.name(),
        o.email(),
        o.signingAlgorithm(),
        IdentityRows.json(o.settings()),
        o.updatedAt(),
        o.id());
  }

  Optional<OrganizationState> organization(Transaction tx, String id) throws SQLException {
    return tx.first("select * from organization where id = ?", DirectoryStore::organization, id);
  }

  Optional<OrganizationState> lockOrganization(Transaction tx, String id) throws SQLException {
    return tx.first(
        "select * from organization where id = ? for update", DirectoryStore::organization, id);
  }

  List<OrganizationState> organizations(Transaction tx, Page page) throws SQLException {
    return page(tx, "organization", null, page, DirectoryStore::organization);
  }

  boolean insert(Transaction tx, WorkspaceState w) throws SQLException {
    return tx.update(
            "insert into workspace values (?, ?, ?, ?, ?) on conflict do nothing",
            w.orgId(),
            w.id(),
            w.name(),
            w.createdAt(),
            w.updatedAt())
        == 1;
  }

  void update(Transaction tx, WorkspaceState w) throws SQLException {
    tx.update(
        "update workspace set name = ?, updated_at = ? where org_id = ? and id = ?",
        w.name(),
        w.updatedAt(),
        w.orgId(),
        w.id());
  }

  Optional<WorkspaceState> workspace(Transaction tx, String org, String id) throws SQLException {
    return tx.first(
        "select * from workspace where org_id = ? and id = ?", DirectoryStore::workspace, org, id);
  }

  List<WorkspaceState> workspaces(Transaction tx, String org, Page page) throws SQLException {
    return page(tx, "workspace", org, page, DirectoryStore::workspace);
  }

  boolean insert(Transaction tx, SponsorState s) throws SQLException {
    return tx.update(
            "insert into sponsor values (?, ?, ?, ?, ?, ?, ?) on conflict do nothing",
            s.orgId(),
            s.id(),
            s.name(),
            s.email(),
            s.status(),
            s.createdAt(),
            s.updatedAt())
        == 1;
  }

  void update(Transaction tx, SponsorState s) throws SQLException {
    tx.update(
        """
        update sponsor set name = ?, email = ?, status = ?, updated_at = ?
         where org_id = ? and id = ?
        """,
        s.name(),
        s.email(),
        s.status(),
        s.updatedAt(),
        s.orgId(),
        s.id());
  }

  Optional<SponsorState> sponsor(Transaction tx, String org, String id) throws SQLException {
    return tx.first(
        "select * from sponsor where org_id = ? and id = ?", DirectoryStore::sponsor, org, id);
  }

  /** The human for whom the organisation was founded. */
  Optional<String> owner(Transaction tx, String org) throws SQLException {
    return tx.first(
        "select id from sponsor where org_id = ? order by created_at, id limit 1",
        row -> row.getString(1),
        org);
  }

  /** A sponsor whose row stays as it is until the transaction ends. */
  Optional<SponsorState> shareSponsor(Transaction tx, String org, String id) throws SQLException {
    return tx.first(
        "select * from sponsor where org_id = ? and id = ? for share",
        DirectoryStore::sponsor,
        org,
        id);
  }

  Optional<SponsorState> lockSponsor(Transaction tx, String org, String id) throws SQLException {
    return tx.first(
        "select * from sponsor where org_id = ? and id = ? for update",
        DirectoryStore::sponsor,
        org,
        id);
  }

  List<SponsorState> sponsors(Transaction tx, String org, Collection<String> ids)
      throws SQLException {
    return tx.query(
        "select * from sponsor where org_id = ? and id = any(?)",
        DirectoryStore::sponsor,
        org,
        ids);
  }

  List<SponsorState> sponsors(Transaction tx, String org, Page page) throws SQLException {
    return page(tx, "sponsor", org, page, DirectoryStore::sponsor);
  }

  private static <T> List<T> page(
      Transaction tx,
      String table,
      @Nullable String org,
      Page page,
      Transaction.RowReader<T> reader)
      throws SQLException {
    List<@Nullable Object> parameters = new ArrayList<>();
    StringBuilder sql = new StringBuilder("select * from ").append(table).append(" where true");
    if (org != null) {
      sql.append(" and org_id = ?");
      parameters.add(org);
    }
    if (page.beforeCreated() != null) {
      sql.append(" and (created_at, id) < (?, ?)");
      parameters.add(page.beforeCreated());
      parameters.add(page.beforeId());
    }
    sql.append(" order by created_at desc, id desc limit ?");
    parameters.add(page.limit() + 1);
    return tx.query(sql.toString(), reader, parameters.toArray());
  }

  private static OrganizationState organization(ResultSet row) throws SQLException {
    return new OrganizationState(
        row.getString("id"),
        row.getString("name"),
        row.getString("email"),
        row.getString("signing_algorithm"),
        Json.read(
            row.getString("settings").getBytes(StandardCharsets.UTF_8), OrganizationSettings.class),
        Rows.instant(row, "created_at"),
        Rows.instant(row, "updated_at"),
        0);
  }

  private static WorkspaceState workspace(ResultSet row) throws SQLException {
    return new WorkspaceState(
        row.getString("org_id"),
        row.getString("id"),
        row.getString("name"),
        Rows.instant(row, "created_at"),
        Rows.instant(row, "updated_at"),
        0);
  }

  private static SponsorState sponsor(ResultSet row) throws SQLException {
    return new SponsorState(
        row.getString("org_id"),
        row.getString("id"),
        row.getString("name"),
        row.getString("email"),
        SponsorState.Status.valueOf(row.getString("status")),
        Rows.instant(row, "created_at"),
        Rows.instant(row, "updated_at"),
        0);
  }
}
