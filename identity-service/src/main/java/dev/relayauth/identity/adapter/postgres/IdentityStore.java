package dev.relayauth.identity.adapter.postgres;

import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.outbox.Transaction;
import dev.relayauth.identity.adapter.postgres.IdentityRows.Stored;
import dev.relayauth.identity.domain.lifecycle.Transition;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The rows of identities. Every method works inside the transaction it is given. */
@Singleton
public final class IdentityStore {
  private static final String SELECT =
      """
      select i.*,
             (select p.budget from identity p
               where p.org_id = i.org_id and p.id = any(i.sponsor_chain) and p.budget is not null
               order by cardinality(p.sponsor_chain) desc limit 1) as effective_budget
        from identity i
      """;
  private static final String INSERT =
      """
      insert into identity (id, org_id, name, type, status, workspace_id, sponsor_id,
          sponsor_chain, scopes, roles, issuer_scoped, metadata, budget, expires_at, created_at,
          updated_at, version)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?::jsonb, ?, ?, ?, 1)
      on conflict (org_id, name) where status <> 'deleted' do nothing
      """;
  private static final String UPDATE =
      """
      update identity
         set name = ?, scopes = ?, roles = ?, issuer_scoped = ?, metadata = ?::jsonb,
             budget = ?::jsonb, expires_at = ?, updated_at = ?, version = version + 1
       where id = ?
      """;

  private static final int RARE = 5_000;

  /** A range, not LIKE: a plan without the value could not use the index for that. */
  private static final String NAMED = " and i.org_id = ? and i.name ~>=~ ? and i.name ~<~ ?";

  private static final String NAMED_FIRST =
      """
       and i.id in (
         with named as materialized (
           select id from identity where org_id = ? and name ~>=~ ? and name ~<~ ?)
         select id from named)
      """;
  private static final String COUNT_NAMED =
      """
      select count(*) from (
        select 1 from identity where org_id = ? and name ~>=~ ? and name ~<~ ? limit ?) n
      """;

  /** What a list is narrowed to; null means any. */
  public record Filter(
      @Nullable String status,
      @Nullable String type,
      @Nullable String sponsorId,
      @Nullable String workspaceId,
      @Nullable String namePrefix,
      @Nullable Instant beforeCreated,
      @Nullable String beforeId,
      int limit) {

    /** The same with pages of that size. */
    public Filter of(int size) {
      return new Filter(
          status, type, sponsorId, workspaceId, namePrefix, beforeCreated, beforeId, size);
    }

    /** The same from there on. */
    public Filter after(Instant created, String id) {
      return new Filter(status, type, sponsorId, workspaceId, namePrefix, created, id, limit);
    }
  }

  /** Adds an identity; false when its name is taken. */
  boolean insert(Transaction tx, IdentityState s) throws SQLException {
    return tx.update(
            INSERT,
            s.id(),
            s.orgId(),
            s.name(),
            s.type(),
            s.status(),
            s.workspaceId(),
            s.sponsorId(),
            s.sponsorChain(),
            s.scopes(),
            s.roles(),
            s.issuerScoped(),
            IdentityRows.json(s.metadata()),
            IdentityRows.json(s.budget()),
            s.expiresAt(),
            s.createdAt(),
            s.updatedAt())
        == 1;
  }

  /** Writes what a patch may change. */
  void update(Transaction tx, IdentityState s) throws SQLException {
    tx.update(
        UPDATE,
        s.name(),
        s.scopes(),
        s.roles(),
        s.issuerScoped(),
        IdentityRows.json(s.metadata()),
        IdentityRows.json(s.budget()),
        s.expiresAt(),
        s.updatedAt(),
        s.id());
  }

  /** An identity that is not deleted. */
  Optional<Stored> find(Transaction tx, String org, String id) throws SQLException {
    return tx.first(
        SELECT + " where i.org_id = ? and i.id = ? and i.status <> 'deleted'",
        IdentityRows::stored,
        org,
        id);
  }

  /**
   * An identity that is not deleted.
   *
   * @throws RefusedException with 404 when there is none
   */
  Stored require(Transaction tx, String org, String id) throws SQLException {
    return find(tx, org, id).orElseThrow(() -> notFound(id));
  }

  /**
   * An identity that is not deleted, locked until the transaction ends.
   *
   * @throws RefusedException with 404 when there is none
   */
  Stored requireLocked(Transaction tx, String org, String id) throws SQLException {
    return lock(tx, org, id).orElseThrow(() -> notFound(id));
  }

  private static RefusedException notFound(String id) {
    return new RefusedException(ErrorCode.IDENTITY_NOT_FOUND, "there is no identity " + id);
  }

  /** An identity that is not deleted, locked until the transaction ends. */
  Optional<Stored> lock(Transaction tx, String org, String id) throws SQLException {
    return tx.first(
        SELECT + " where i.org_id = ? and i.id = ? and i.status <> 'deleted' for update of i",
        IdentityRows::stored,
        org,
        id);
  }

  /** Those of the names that are taken. */
  List<Stored> named(Transaction tx, String org, Collection<String> names) throws SQLException {
    return tx.query(
        SELECT + " where i.org_id = ? and i.name = any(?) and i.status <> 'deleted'",
        IdentityRows::stored,
        org,
        names);
  }

  /** The chain of an identity, the topmost agent first, itself last, deleted ones included. */
  List<IdentityState> chain(Transaction tx, String org, List<String> ids) throws SQLException {
    return tx.query(
        "select * from identity where org_id = ? and id = any(?) order by cardinality(sponsor_chain)",
        IdentityRows::state,
        org,
        ids);
  }

  /**
   * The chain, with its rows locked against changes (shared: many may build on one parent at once).
   */
  List<IdentityState> lockChain(Transaction tx, String org, List<String> ids) throws SQLException {
    return tx.query(
        """
        select * from identity where org_id = ? and id = any(?)
         order by cardinality(sponsor_chain) for share
        """,
        IdentityRows::state,
        org,
        ids);
  }

  /**
   * Locks every identity under (and including) {@code root} that has one of the statuses, topmost
   * first.
   */
  List<IdentityState> subtree(
      Transaction tx, String org, String root, List<String> statuses, @Nullable String suspendedBy)
      throws SQLException {
    return tx.query(
        """
        select * from identity
         where org_id = ? and sponsor_chain @> array[?] and status = any(?)
           and (?::text is null or suspended_by = ?)
         order by cardinality(sponsor_chain), id for update
        """,
        IdentityRows::state,
        org,
        root,
        statuses,
        suspendedBy,
        suspendedBy);
  }

  /** Sets the status of these identities and returns them as they are now. */
  List<IdentityState> transition(
      Transaction tx,
      List<IdentityState> identities,
      Transition transition,
      @Nullable String reason,
      @Nullable String root)
      throws SQLException {
    boolean suspends = transition == Transition.SUSPEND;
    Instant now = tx.clock().instant();
    return tx.query(
        """
        update identity
           set status = ?, suspended_at = ?, suspend_reason = ?, suspended_by = ?, updated_at = ?,
               version = version + 1
         where id = any(?)
        returning *
        """,
        IdentityRows::state,
        transition.target(),
        suspends ? now : null,
        suspends ? reason : null,
        suspends ? root : null,
        now,
        identities.stream().map(IdentityState::id).toList());
  }

  /** Whether anybody above an identity is not active. */
  boolean hasInactiveAncestor(Transaction tx, IdentityState identity) throws SQLException {
    List<String> above = identity.sponsorChain().subList(1, identity.sponsorChain().size() - 1);
    return chain(tx, identity.orgId(), above).stream()
        .anyMatch(ancestor -> ancestor.status() != IdentityState.Status.active);
  }

  /** A page, newest first, one more than the limit when there is another page. */
  List<Stored> list(Transaction tx, String org, Filter filter) throws SQLException {
    StringBuilder sql = new StringBuilder(SELECT).append(" where i.org_id = ?");
    List<@Nullable Object> parameters = new ArrayList<>();
    parameters.add(org);
    narrow(sql, parameters, " and i.status = ?", filter.status());
    if (filter.status() == null) {
      sql.append(" and i.status <> 'deleted'");
    }
    narrow(sql, parameters, " and i.type = ?", filter.type());
    narrow(sql, parameters, " and i.sponsor_id = ?", filter.sponsorId());
    narrow(sql, parameters, " and i.workspace_id = ?", filter.workspaceId());
    if (filter.namePrefix() != null) {
      sql.append(isRare(tx, org, filter.namePrefix()) ? NAMED_FIRST : NAMED);
      parameters.addAll(named(org, filter.namePrefix()));
    }
    if (filter.beforeCreated() != null) {
      sql.append(" and (i.created_at, i.id) < (?, ?)");
      parameters.add(filter.beforeCreated());
      parameters.add(filter.beforeId());
    }
    sql.append(" order by i.created_at desc, i.id desc limit ?");
    parameters.add(filter.limit() + 1);
    return tx.query(sql.toString(), IdentityRows::stored, parameters.toArray());
  }

  private static void narrow(
      StringBuilder sql, List<@Nullable Object> parameters, String clause, @Nullable String value) {
    if (value != null) {
      sql.append(clause);
      parameters.add(value);
    }
  }

  /**
   * Whether few names have the prefix: then they are found by name and sorted, else the newest are
   * read until a page of them is found. No one plan is good at both.
   */
  private static boolean isRare(Transaction tx, String org, String prefix) throws SQLException {
    List<@Nullable Object> parameters = named(org, prefix);
    parameters.add(RARE + 1);
    long found = tx.first(COUNT_NAMED, row -> row.getLong(1), parameters.toArray()).orElseThrow();
    return found <= RARE;
  }

  private static List<@Nullable Object> named(String org, String prefix) {
    // In byte order nothing that begins with the prefix is after the prefix and the last character.
    return new ArrayList<>(List.of(org, prefix, prefix + Character.toString(0x10FFFF)));
  }
}
