package dev.relayauth.identity.adapter.postgres;

import dev.relayauth.common.audit.AuditDraft;
import dev.relayauth.common.audit.AuditRecords;
import dev.relayauth.common.credential.Caller;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.event.EntityKind;
import dev.relayauth.common.event.OrganizationSettings;
import dev.relayauth.common.event.OrganizationState;
import dev.relayauth.common.event.SponsorState;
import dev.relayauth.common.event.WorkspaceState;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.id.IdSource;
import dev.relayauth.common.outbox.Transaction;
import dev.relayauth.common.outbox.Transactions;
import dev.relayauth.common.outbox.Transactions.Committed;
import dev.relayauth.common.revocation.RevocationKind;
import dev.relayauth.identity.adapter.internal.PendingRevocations;
import dev.relayauth.identity.adapter.internal.PendingRevocations.Cause;
import dev.relayauth.identity.adapter.internal.PendingRevocations.Demand;
import dev.relayauth.identity.adapter.postgres.DirectoryStore.Page;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Creates, reads and changes organisations, workspaces and sponsors. */
@Singleton
public final class DirectoryAdministration {
  private final Transactions transactions;
  private final DirectoryStore store;
  private final ApiKeyAdministration keys;
  private final LifecycleAdministration lifecycle;
  private final AgentReach reach;
  private final Escalation escalation;
  private final Publication publication;
  private final PendingRevocations revocations;
  private final AuditRecords audit;
  private final IdSource ids;

  DirectoryAdministration(
      Transactions transactions,
      DirectoryStore store,
      ApiKeyAdministration keys,
      LifecycleAdministration lifecycle,
      AgentReach reach,
      Escalation escalation,
      Publication publication,
      PendingRevocations revocations,
      AuditRecords audit,
      IdSource ids) {
    this.transactions = transactions;
    this.store = store;
    this.keys = keys;
    this.lifecycle = lifecycle;
    this.reach = reach;
    this.escalation = escalation;
    this.publication = publication;
    this.revocations = revocations;
    this.audit = audit;
    this.ids = ids;
  }

  /** A new organisation and its first admin key, whose secret is shown this once. */
  public record Founded(OrganizationState organization, ApiKeyAdministration.Created adminKey) {}

  /**
   * A change of a sponsor, with the revocation service's revision when it killed tokens, else 0.
   */
  public record SponsorWritten(SponsorState sponsor, long sequence, long revocation) {}

  /**
   * Founds an organisation: its owner as the first sponsor, and an admin key that traces to them.
   */
  public Committed<Founded> found(
      @Nullable String chosenId,
      String name,
      @Nullable String email,
      String algorithm,
      OrganizationSettings settings,
      CurrentRequest request) {
    return transactions.write(
        tx -> {
          Instant now = tx.clock().instant();
          String id = chosenId == null ? ids.next(IdPrefix.ORGANIZATION) : chosenId;
          OrganizationState organization =
              new OrganizationState(id, name, email, algorithm, settings, now, now, 0);
          if (!store.insert(tx, organization)) {
            throw taken(id);
          }
          SponsorState owner =
              new SponsorState(
                  id,
                  ids.next(IdPrefix.SPONSOR),
                  name + " owner",
                  email,
                  SponsorState.Status.active,
                  now,
                  now,
                  0);
          store.insert(tx, owner);
          publish(tx, "created", organization, request);
          publish(tx, "created", owner, request);
          ApiKeyAdministration.Created key = keys.createAdmin(tx, id, owner.id(), request);
          return new Founded(organization, key);
        });
  }

  /** Changes an organisation; null leaves a member as it is. */
  public Committed<OrganizationState> change(
      String id,
      @Nullable String name,
      @Nullable String email,
      @Nullable String algorithm,
      @Nullable OrganizationSettings settings,
      CurrentRequest request) {
    return escalation.guard(
        request,
        tx -> {
          OrganizationState old =
              store.lockOrganization(tx, id).orElseThrow(() -> unknown("organization", id));
          OrganizationState now =
              new OrganizationState(
                  id,
                  name == null ? old.name() : name,
                  email == null ? old.email() : email,
                  algorithm == null ? old.signingAlgorithm() : algorithm,
                  settings == null ? old.settings() : merged(old.settings(), settings),
                  old.createdAt(),
                  tx.clock().instant(),
                  0);
          store.update(tx, now);
          publish(tx, "updated", now, request);
          return now;
        });
  }

  /** An organisation. */
  public OrganizationState organization(String id) {
    return transactions
        .read(tx -> store.organization(tx, id))
        .orElseThrow(() -> unknown("organization", id));
  }

  /** A page of all organisations. */
  public List<OrganizationState> organizations(Page page) {
    return transactions.read(tx -> store.organizations(tx, page));
  }

  /** Adds a workspace. */
  public Committed<WorkspaceState> addWorkspace(
      @Nullable String chosenId, String name, CurrentRequest request) {
    Caller.Tenant caller = request.tenant();
    return escalation.guard(
        request,
        tx -> {
          Instant now = tx.clock().instant();
          String id = chosenId == null ? ids.next(IdPrefix.WORKSPACE) : chosenId;
          WorkspaceState workspace = new WorkspaceState(caller.org(), id, name, now, now, 0);
          if (!store.insert(tx, workspace)) {
            throw taken(id);
          }
          publish(tx, "created", workspace, request);
          return workspace;
        });
  }

  /** Renames a workspace. */
  public Committed<WorkspaceState> renameWorkspace(String id, String name, CurrentRequest request) {
    Caller.Tenant caller = request.tenant();
    return escalation.guard(
        request,
        tx -> {
          WorkspaceState old =
              store.workspace(tx, caller.org(), id).orElseThrow(() -> unknown("workspace", id));
          WorkspaceState now =
              new WorkspaceState(old.orgId(), id, name, old.createdAt(), tx.clock().instant(), 0);
          store.update(tx, now);
          publish(tx, "updated", now, request);
          return now;
        });
  }

  /** A workspace. */
  public WorkspaceState workspace(String org, String id) {
    return transactions
        .read(tx -> store.workspace(tx, org, id))
        .orElseThrow(() -> unknown("workspace", id));
  }

  /** A page of workspaces. */
  public List<WorkspaceState> workspaces(String org, Page page) {
    return transactions.read(tx -> store.workspaces(tx, org, page));
  }

  /** Adds a sponsor. */
  public Committed<SponsorState> addSponsor(
      @Nullable String chosenId, String name, @Nullable String email, CurrentRequest request) {
    Caller.Tenant caller = request.tenant();
    return escalation.guard(
        request,
        tx -> {
          Instant now = tx.clock().instant();
          String id = chosenId == null ? ids.next(IdPrefix.SPONSOR) : chosenId;
          SponsorState sponsor =
              new SponsorState(
                  caller.org(), id, name, email, SponsorState.Status.active, now, now, 0);
          if (!store.insert(tx, sponsor)) {
            throw taken(id);
          }
          publish(tx, "created", sponsor, request);
          return sponsor;
        });
  }

  /** Changes a sponsor; offboarding suspends everything under them and kills its tokens. */
  public SponsorWritten changeSponsor(
      String id,
      @Nullable String name,
      @Nullable String email,
      SponsorState.@Nullable Status status,
      CurrentRequest request) {
    Caller.Tenant caller = request.tenant();
    Committed<Optional<Demand>> committed =
        escalation.guard(
            request,
            tx -> {
              reach.requireNotOver(tx, caller, id);
              SponsorState old =
                  store.lockSponsor(tx, caller.org(), id).orElseThrow(() -> unknown("sponsor", id));
              SponsorState now = changed(old, name, email, status, tx.clock().instant());
              store.update(tx, now);
              boolean leaves = old.status() != now.status();
              publish(tx, past(old, now), now, request);
              return leaves
                  ? Optional.of(turned(tx, now, caller, request))
                  : Optional.<Demand>empty();
            });
    long revocation = committed.value().map(revocations::deliver).orElse(0L);
    return new SponsorWritten(sponsor(caller.org(), id), committed.sequence(), revocation);
  }

  /** A sponsor. */
  public SponsorState sponsor(String org, String id) {
    return transactions
        .read(tx -> store.sponsor(tx, org, id))
        .orElseThrow(() -> unknown("sponsor", id));
  }

  /** Those of the sponsors that exist. */
  public List<SponsorState> sponsors(String org, Collection<String> ids) {
    return transactions.read(tx -> store.sponsors(tx, org, ids));
  }

  /** A page of sponsors. */
  public List<SponsorState> sponsors(String org, Page page) {
    return transactions.read(tx -> store.sponsors(tx, org, page));
  }

  private Demand turned(
      Transaction tx, SponsorState now, Caller.Tenant caller, CurrentRequest request)
      throws SQLException {
    boolean leaves = now.status() == SponsorState.Status.offboarded;
    if (leaves) {
      lifecycle.suspendUnder(tx, now, "sponsor offboarded", request);
    }
    Demand demand =
        new Demand(
            now.orgId(),
            RevocationKind.SPONSOR,
            now.id(),
            leaves,
            Cause.asked(
                leaves ? "sponsor offboarded" : "sponsor reinstated",
                request.author(caller.actorId()),
                now.id()),
            List.of(now.id()));
    revocations.demand(tx, demand);
    return demand;
  }

  private static String past(SponsorState old, SponsorState now) {
    if (old.status() == now.status()) {
      return "updated";
    }
    return now.status() == SponsorState.Status.offboarded ? "offboarded" : "reinstated";
  }

  private static SponsorState changed(
      SponsorState old,
      @Nullable String name,
      @Nullable String email,
      SponsorState.@Nullable Status status,
      Instant now) {
    return new SponsorState(
        old.orgId(),
        old.id(),
        name == null ? old.name() : name,
        email == null ? old.email() : email,
        status == null ? old.status() : status,
        old.createdAt(),
        now,
        0);
  }

  private static OrganizationSettings merged(OrganizationSettings old, OrganizationSettings patch) {
    return new OrganizationSettings(
        or(patch.accessTokenTtlSeconds(), old.accessTokenTtlSeconds()),
        or(patch.maxAccessTokenTtlSeconds(), old.maxAccessTokenTtlSeconds()),
        or(patch.refreshTokenTtlSeconds(), old.refreshTokenTtlSeconds()),
        or(patch.auditRetentionDays(), old.auditRetentionDays()),
        or(patch.auditMode(), old.auditMode()),
        or(patch.identityCreationsPerMinute(), old.identityCreationsPerMinute()),
        or(patch.statusLists(), old.statusLists()),
        or(patch.approvalsRequireSignIn(), old.approvalsRequireSignIn()));
  }

  private static <T> @Nullable T or(@Nullable T first, @Nullable T second) {
    return first == null ? second : first;
  }

  private void publish(Transaction tx, String past, OrganizationState o, CurrentRequest request)
      throws SQLException {
    publication.publish(
        tx,
        EntityKind.ORGANIZATION,
        past,
        o.id(),
        o.id(),
        request,
        sequence ->
            new OrganizationState(
                o.id(),
                o.name(),
                o.email(),
                o.signingAlgorithm(),
                o.settings(),
                o.createdAt(),
                o.updatedAt(),
                sequence));
    record(tx, "organization." + past, o.id(), "organizationId", o.id(), null, request);
  }

  private void publish(Transaction tx, String past, WorkspaceState w, CurrentRequest request)
      throws SQLException {
    publication.publish(
        tx,
        EntityKind.WORKSPACE,
        past,
        w.orgId(),
        w.id(),
        request,
        sequence ->
            new WorkspaceState(
                w.orgId(), w.id(), w.name(), w.createdAt(), w.updatedAt(), sequence));
    record(tx, "workspace." + past, w.orgId(), "workspaceId", w.id(), w.id(), request);
  }

  private void publish(Transaction tx, String past, SponsorState s, CurrentRequest request)
      throws SQLException {
    publication.publish(
        tx,
        EntityKind.SPONSOR,
        past,
        s.orgId(),
        s.id(),
        request,
        sequence ->
            new SponsorState(
                s.orgId(),
                s.id(),
                s.name(),
                s.email(),
                s.status(),
                s.createdAt(),
                s.updatedAt(),
                sequence));
    record(tx, "sponsor." + past, s.orgId(), "sponsorId", s.id(), null, request);
  }

  private void record(
      Transaction tx,
      String action,
      String org,
      String idName,
      String id,
      @Nullable String workspace,
      CurrentRequest request)
      throws SQLException {
    AuditDraft draft = audit.draft(action, org, request).workspace(workspace).with(idName, id);
    if (!(request.caller() instanceof Caller.Tenant)) {
      // The platform key is nobody's: the human who answers is the organisation's owner.
      draft.subject(null, store.owner(tx, org).map(List::of).orElse(List.of()));
    }
    audit.append(tx, draft, request);
  }

  private static RefusedException taken(String id) {
    return new RefusedException(ErrorCode.CONFLICT, id + " exists already");
  }

  private static RefusedException unknown(String what, String id) {
    return new RefusedException(ErrorCode.NOT_FOUND, "there is no " + what + " " + id);
  }
}
