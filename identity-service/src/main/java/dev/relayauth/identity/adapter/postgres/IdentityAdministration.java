package dev.relayauth.identity.adapter.postgres;

import dev.relayauth.common.audit.AuditDraft;
import dev.relayauth.common.audit.AuditRecords;
import dev.relayauth.common.audit.OnBehalf;
import dev.relayauth.common.credential.Caller;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.event.BudgetLimits;
import dev.relayauth.common.event.EntityKind;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.event.RoleState;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.http.Violations;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.id.IdSource;
import dev.relayauth.common.outbox.Transaction;
import dev.relayauth.common.outbox.Transactions;
import dev.relayauth.common.revocation.Initiator;
import dev.relayauth.common.revocation.RevocationKind;
import dev.relayauth.common.scope.Scope;
import dev.relayauth.common.scope.ScopeSet;
import dev.relayauth.identity.adapter.internal.KnownRoles;
import dev.relayauth.identity.adapter.internal.PendingRevocations;
import dev.relayauth.identity.adapter.internal.PendingRevocations.Cause;
import dev.relayauth.identity.adapter.internal.PendingRevocations.Demand;
import dev.relayauth.identity.adapter.postgres.Escalation.EscalationException;
import dev.relayauth.identity.adapter.postgres.IdentityRows.Stored;
import dev.relayauth.identity.adapter.postgres.SponsorResolution.Above;
import dev.relayauth.identity.domain.attenuation.Attenuation;
import dev.relayauth.identity.domain.lifecycle.Transition;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Creates, reads and changes identities: each write with its event and its audit record. */
@Singleton
public final class IdentityAdministration {
  private static final String NARROWED = "narrowed";
  private static final OnBehalf POLICY_SERVICE = OnBehalf.itself("policy");

  private final Transactions transactions;
  private final Escalation escalation;
  private final IdentityStore store;
  private final DirectoryStore directory;
  private final SponsorResolution sponsors;
  private final AgentReach reach;
  private final KeyNarrowing keys;
  private final CreationLimit limit;
  private final KnownRoles roles;
  private final Publication publication;
  private final AuditRecords audit;
  private final PendingRevocations revocations;
  private final IdSource ids;

  IdentityAdministration(
      Transactions transactions,
      Escalation escalation,
      IdentityStore store,
      DirectoryStore directory,
      SponsorResolution sponsors,
      AgentReach reach,
      KeyNarrowing keys,
      CreationLimit limit,
      KnownRoles roles,
      Publication publication,
      AuditRecords audit,
      PendingRevocations revocations,
      IdSource ids) {
    this.transactions = transactions;
    this.escalation = escalation;
    this.store = store;
    this.directory = directory;
    this.sponsors = sponsors;
    this.reach = reach;
    this.keys = keys;
    this.limit = limit;
    this.roles = roles;
    this.publication = publication;
    this.audit = audit;
    this.revocations = revocations;
    this.ids = ids;
  }

  /** An identity as it is now, with what only the database knows. */
  public record View(IdentityState state, long version, @Nullable BudgetLimits budget) {}

  /** What a write did, and the revisions that name it: ours, and the revocation service's or 0. */
  public record Written(View view, long sequence, long revocation) {}

  /** Creates an identity under its sponsor. */
  public Written create(IdentityDraft draft, CurrentRequest request) {
    Transactions.Committed<View> committed =
        escalation.guard(request, tx -> create(tx, draft, request));
    return new Written(committed.value(), committed.sequence(), 0);
  }

  /** Creates an identity inside a transaction. */
  View create(Transaction tx, IdentityDraft draft, CurrentRequest request) throws SQLException {
    Caller.Tenant caller = request.tenant();
    Above above = sponsors.resolve(tx, caller.org(), draft.sponsorId());
    reach.requireUnder(tx, caller, above.chain());
    String workspace = workspace(tx, caller.org(), draft.workspaceId(), above);
    checkBounds(draft.budget(), draft.expiresAt(), above);
    DeletedRoles.refuse(tx, caller.org(), draft.roles());
    List<String> actedOn = above.parent() == null ? List.of() : above.chain();
    checkGrants(draft.scopes(), draft.roles(), caller, above, actedOn);
    limit.count(tx, caller.org(), 1);
    IdentityState state = initial(tx, draft, caller.org(), workspace, above);
    if (!store.insert(tx, state)) {
      throw nameTaken(draft.name());
    }
    publish(tx, "created", state, request);
    audit.append(tx, describe("identity.created", state, request), request);
    BudgetLimits effective = state.budget() == null ? above.budget() : state.budget();
    return new View(state, 1, effective);
  }

  /** An identity of the organisation. */
  public View get(String org, String id) {
    return view(transactions.read(tx -> store.require(tx, org, id)));
  }

  /**
   * A page of identities, newest first, with one more than the limit when there is another page.
   */
  public List<View> list(String org, IdentityStore.Filter filter) {
    return transactions.read(tx -> store.list(tx, org, filter)).stream().map(this::view).toList();
  }

  /** The identities of those names. */
  public List<View> named(String org, Collection<String> names) {
    return transactions.read(tx -> store.named(tx, org, names)).stream().map(this::view).toList();
  }

  /** Refuses a sponsor under whom nobody can be created now. */
  public void requireSponsor(String org, String sponsorId) {
    transactions.write(tx -> sponsors.resolve(tx, org, sponsorId));
  }

  /** The chain of an identity, the topmost agent first, itself last; empty when it is unknown. */
  public List<IdentityState> chain(String org, String id) {
    return transactions.read(
        tx -> {
          Optional<Stored> self = store.find(tx, org, id);
          return self.isEmpty()
              ? List.of()
              : store.chain(
                  tx,
                  org,
                  self.get()
                      .state()
                      .sponsorChain()
                      .subList(1, self.get().state().sponsorChain().size()));
        });
  }

  /** Changes an identity; narrowing its scopes kills the tokens that carry the old ones. */
  public Written patch(
      String id, IdentityPatch patch, @Nullable Long expectedVersion, CurrentRequest request) {
    Caller.Tenant caller = request.tenant();
    List<Demand> demands = new ArrayList<>();
    Transactions.Committed<View> committed =
        escalation.guard(
            request,
            tx -> {
              Stored old = lock(tx, caller.org(), id, expectedVersion);
              IdentityState now = patched(tx, old.state(), patch, caller);
              renamedUniquely(tx, old.state(), now);
              store.update(tx, now);
              publish(tx, "updated", now, request);
              audit.append(tx, describe("identity.updated", now, request), request);
              auditRoles(tx, old.state(), now, request);
              auditBudget(tx, old.state(), now, request);
              if (isNarrowed(old.state(), now)) {
                keys.narrow(tx, old.state(), now, request.traceparent());
                OnBehalf author = request.author(caller.actorId());
                Cause cause = Cause.asked(NARROWED, author, id);
                demands.add(demand(tx, now, isInactive(now), cause));
              }
              return view(store.require(tx, caller.org(), id));
            });
    return written(committed, demands);
  }

  /**
   * Assigns a role to an identity, or takes it away, on behalf of the policy service, which has
   * checked the caller.
   */
  public Written assign(RoleChange change, CurrentRequest request) {
    List<Demand> demands = new ArrayList<>();
    Transactions.Committed<View> committed =
        transactions.write(
            tx -> {
              if (change.add()) {
                DeletedRoles.refuse(tx, change.org(), List.of(change.roleId()));
              }
              IdentityState old = store.requireLocked(tx, change.org(), change.id()).state();
              IdentityState now = withRole(old, change, tx.clock().instant());
              refuseBeyondParent(tx, old, change);
              store.update(tx, now);
              publish(tx, "updated", now, request);
              audit.append(tx, change.auditRecord(now), change.traceparent());
              if (!change.add() || old.issuerScoped()) {
                keys.narrow(tx, old, now, change.traceparent());
                Cause cause = Cause.asked(NARROWED, change.author(), change.id());
                demands.add(demand(tx, now, isInactive(now), cause));
              }
              return view(store.require(tx, change.org(), change.id()));
            });
    return written(committed, demands);
  }

  /** Publishes and records that a deleted role was taken from an identity, and kills its tokens. */
  Demand lostRole(Transaction tx, IdentityState now, String roleId, List<String> gave)
      throws SQLException {
    keys.narrow(tx, now, roleId, gave, List.of());
    publication.publish(
        tx, EntityKind.IDENTITY, "updated", now.orgId(), now.id(), (String) null, now::at);
    audit.append(
        tx,
        audit
            .draft("role.removed", now.orgId())
            .subject(now.id(), now.sponsorChain())
            .workspace(now.workspaceId())
            .with("roleId", roleId)
            .with("reason", "role deleted")
            .build(),
        null);
    return demand(tx, now, isInactive(now), ofRole("role deleted"));
  }

  /** Kills the tokens of an identity one of whose roles gives less than it did. */
  Demand narrowedRole(Transaction tx, IdentityState holder, RoleState role, List<String> gave)
      throws SQLException {
    keys.narrow(tx, holder, role.id(), gave, role.scopes());
    return demand(tx, holder, isInactive(holder), ofRole("role narrowed"));
  }

  /** Somebody who administers changed the role; the policy service tells of it afterwards. */
  private static Cause ofRole(String reason) {
    return new Cause(reason, POLICY_SERVICE, Initiator.admin);
  }

  /** Publishes and records that an identity was retired because the end of {@code root} came. */
  void ended(Transaction tx, IdentityState now, String root) {
    publication.publish(
        tx, EntityKind.IDENTITY, "retired", now.orgId(), now.id(), (String) null, now::at);
    audit.append(
        tx,
        audit
            .draft("identity.retired", now.orgId())
            .subject(now.id(), now.sponsorChain())
            .workspace(now.workspaceId())
            .with("name", now.name())
            .with("reason", "its end came")
            .with("cascadeFrom", root.equals(now.id()) ? null : root)
            .build(),
        null);
  }

  /** Has the revocation service commit what a write demanded. */
  void deliver(List<Demand> demands) {
    demands.forEach(revocations::deliver);
  }

  private void auditRoles(
      Transaction tx, IdentityState old, IdentityState now, CurrentRequest request) {
    for (String role : now.roles()) {
      if (!old.roles().contains(role)) {
        audit.append(tx, describe("role.assigned", now, request).with("roleId", role), request);
      }
    }
    for (String role : old.roles()) {
      if (!now.roles().contains(role)) {
        audit.append(tx, describe("role.removed", now, request).with("roleId", role), request);
      }
    }
  }

  Written written(Transactions.Committed<View> committed, List<Demand> demands) {
    long revocation = 0;
    for (Demand demand : demands) {
      revocation = Math.max(revocation, revocations.deliver(demand));
    }
    return new Written(committed.value(), committed.sequence(), revocation);
  }

  Demand demand(Transaction tx, IdentityState state, boolean closed, Cause cause)
      throws SQLException {
    Demand demand =
        new Demand(
            state.orgId(),
            RevocationKind.IDENTITY,
            state.id(),
            closed,
            cause,
            state.sponsorChain());
    revocations.demand(tx, demand);
    return demand;
  }

  Stored lock(Transaction tx, String org, String id, @Nullable Long expectedVersion)
      throws SQLException {
    Stored stored = store.requireLocked(tx, org, id);
    if (expectedVersion != null && expectedVersion != stored.version()) {
      throw new RefusedException(
          ErrorCode.PRECONDITION_FAILED, "the identity has changed; read it again");
    }
    return stored;
  }

  void publish(Transaction tx, String pastTense, IdentityState state, CurrentRequest request) {
    publication.publish(
        tx, EntityKind.IDENTITY, pastTense, state.orgId(), state.id(), request, state::at);
  }

  void auditTransition(
      Transaction tx,
      Transition transition,
      IdentityState state,
      @Nullable String reason,
      String root,
      CurrentRequest request) {
    AuditDraft draft =
        describe("identity." + transition.pastTense(), state, request)
            .with("reason", reason)
            .with("cascadeFrom", root.equals(state.id()) ? null : root);
    audit.append(tx, draft, request);
  }

  AuditDraft describe(String action, IdentityState state, CurrentRequest request) {
    return audit
        .draft(action, state.orgId(), request)
        .subject(state.id(), state.sponsorChain())
        .workspace(state.workspaceId())
        .with("name", state.name());
  }

  /** What is stored, without roles that are gone and not yet taken away. */
  View view(Stored stored) {
    IdentityState state = stored.state();
    List<String> present =
        state.roles().stream().filter(role -> !roles.isGone(state.orgId(), role)).toList();
    boolean all = present.size() == state.roles().size();
    return new View(
        all ? state : state.withRoles(present, state.issuerScoped(), state.updatedAt()),
        stored.version(),
        stored.effectiveBudget());
  }

  private static RefusedException nameTaken(String name) {
    return new RefusedException(
        ErrorCode.IDENTITY_ALREADY_EXISTS, "an identity named " + name + " exists already");
  }

  private @Nullable String workspace(
      Transaction tx, String org, @Nullable String asked, Above above) throws SQLException {
    IdentityState parent = above.parent();
    if (asked == null) {
      return parent == null ? null : parent.workspaceId();
    }
    if (directory.workspace(tx, org, asked).isEmpty()) {
      throw SponsorResolution.invalid(
          "/workspaceId", "there is no workspace " + asked + " in the organisation");
    }
    return asked;
  }

  private static void checkBounds(
      @Nullable BudgetLimits budget, @Nullable Instant expiresAt, Above above) {
    Optional<RefusedException> wider =
        BudgetAdministration.beyond(budget, above.budgets(), "/budget");
    if (wider.isPresent()) {
      throw EscalationException.beyondParent(wider.get(), above.chain());
    }
    if (!Attenuation.isWithin(expiresAt, above.expiresAt())) {
      throw EscalationException.beyondParent(
          BudgetAdministration.wider("/expiresAt", "is later than the parent's"), above.chain());
    }
  }

  private void checkGrants(
      @Nullable List<String> scopes,
      List<String> roleIds,
      Caller.Tenant caller,
      @Nullable Above above,
      List<String> actedOn) {
    List<Scope> given = new ArrayList<>();
    if (scopes != null) {
      given.addAll(ScopeSet.of(scopes).stream().toList());
    }
    for (String roleId : roleIds) {
      RoleState role =
          roles
              .find(caller.org(), roleId)
              .orElseThrow(
                  () -> new RefusedException(ErrorCode.ROLE_NOT_FOUND, "no role " + roleId));
      given.addAll(ScopeSet.lenient(role.scopes()).stream().toList());
    }
    Escalation.check(
        ScopeSet.ofScopes(given), caller, above == null ? null : above.grants(), actedOn);
  }

  private IdentityState initial(
      Transaction tx, IdentityDraft draft, String org, @Nullable String workspace, Above above) {
    String id = ids.next(IdPrefix.IDENTITY);
    List<String> chain = new ArrayList<>(above.chain());
    chain.add(id);
    Instant now = tx.clock().instant();
    return new IdentityState(
        org,
        id,
        draft.name(),
        draft.type(),
        IdentityState.Status.active,
        workspace,
        draft.sponsorId(),
        chain,
        draft.scopes() == null ? List.of() : ScopeSet.of(draft.scopes()).toList(),
        draft.roles(),
        draft.scopes() == null && draft.roles().isEmpty(),
        draft.metadata(),
        BudgetAdministration.kept(draft.budget()),
        draft.expiresAt() == null ? above.expiresAt() : draft.expiresAt(),
        null,
        null,
        now,
        now,
        0);
  }

  private IdentityState patched(
      Transaction tx, IdentityState old, IdentityPatch patch, Caller.Tenant caller)
      throws SQLException {
    reach.requireNotOver(tx, caller, old.id());
    if (patch.budget() != null || patch.expiresAt() != null) {
      reach.requireAbove(tx, caller, old);
    }
    if (old.status() == IdentityState.Status.retired) {
      throw new RefusedException(ErrorCode.CONFLICT, "a retired identity can't be changed");
    }
    Above above = sponsors.above(tx, old);
    if (above != null) {
      checkBounds(patch.budget(), patch.expiresAt(), above);
    }
    if (patch.budget() != null && reach.acting(tx, caller).isUnder(old.id())) {
      throw EscalationException.outOfReach(
          "a budget is set by people above the agent, never by itself");
    }
    if (patch.budget() != null) {
      CurrenciesBelow.requireSame(tx, old, patch.budget(), "/budget");
    }
    if (patch.scopes() != null) {
      checkGrants(patch.scopes(), List.of(), caller, above, old.sponsorChain());
    }
    if (patch.roles() != null) {
      List<String> given =
          patch.roles().stream().filter(role -> !old.roles().contains(role)).toList();
      DeletedRoles.refuse(tx, old.orgId(), given);
      checkGrants(null, given, caller, above, old.sponsorChain());
    }
    return new IdentityState(
        old.orgId(),
        old.id(),
        patch.name() == null ? old.name() : patch.name(),
        old.type(),
        old.status(),
        old.workspaceId(),
        old.sponsorId(),
        old.sponsorChain(),
        patch.scopes() == null ? old.scopes() : ScopeSet.of(patch.scopes()).toList(),
        patch.roles() == null ? old.roles() : patch.roles(),
        patch.scopes() == null
            && (patch.roles() == null || patch.roles().isEmpty())
            && old.issuerScoped(),
        merged(old.metadata(), patch.metadata()),
        patch.budget() == null ? old.budget() : BudgetAdministration.kept(patch.budget()),
        patch.expiresAt() == null ? old.expiresAt() : patch.expiresAt(),
        old.suspendedAt(),
        old.suspendReason(),
        old.createdAt(),
        tx.clock().instant(),
        0);
  }

  private void auditBudget(
      Transaction tx, IdentityState old, IdentityState now, CurrentRequest request) {
    if (!Objects.equals(now.budget(), old.budget())) {
      BudgetLimits budget =
          now.budget() == null ? new BudgetLimits(null, null, null, null) : now.budget();
      audit.append(tx, BudgetAdministration.updated(audit, now, budget, request), request);
    }
  }

  private void renamedUniquely(Transaction tx, IdentityState old, IdentityState now)
      throws SQLException {
    boolean taken =
        !old.name().equals(now.name())
            && tx.first(
                    """
                    select 1 from identity where org_id = ? and name = ? and status <> 'deleted'
                    """,
                    row -> 1,
                    now.orgId(),
                    now.name())
                .isPresent();
    if (taken) {
      throw nameTaken(now.name());
    }
  }

  private static Map<String, String> merged(
      Map<String, String> old, @Nullable Map<String, @Nullable String> patch) {
    Map<String, String> result = new LinkedHashMap<>(old);
    if (patch != null) {
      patch.forEach(
          (key, value) -> {
            if (value == null) {
              result.remove(key);
            } else {
              result.put(key, value);
            }
          });
    }
    new Violations().metadata(result, "/metadata").throwIfAny();
    return result;
  }

  /** The entry of an identity that may have no tokens stays closed when it is narrowed. */
  private static boolean isInactive(IdentityState state) {
    return state.status() != IdentityState.Status.active;
  }

  /** Whether something the identity had is gone, so that its tokens may carry too much. */
  private static boolean isNarrowed(IdentityState old, IdentityState now) {
    boolean expiresEarlier =
        now.expiresAt() != null
            && (old.expiresAt() == null || now.expiresAt().isBefore(old.expiresAt()));
    boolean fewerScopes =
        !ScopeSet.lenient(old.scopes()).isSubsetOf(ScopeSet.lenient(now.scopes()));
    boolean fewerRoles = !now.roles().containsAll(old.roles());
    return expiresEarlier
        || fewerScopes
        || fewerRoles
        || (old.issuerScoped() && !now.issuerScoped());
  }

  /** A role may not give a sub-agent what its parent lacks. */
  private void refuseBeyondParent(Transaction tx, IdentityState old, RoleChange change)
      throws SQLException {
    Above above = change.add() ? sponsors.above(tx, old) : null;
    if (above == null) {
      return;
    }
    ScopeSet given = ScopeSet.lenient(change.scopes());
    Optional<Scope> beyond = Attenuation.firstEscalation(given, given, above.grants());
    if (beyond.isPresent()) {
      throw new RefusedException(
          ErrorCode.SCOPE_ESCALATION,
          "the parent lacks " + beyond.get().raw(),
          Map.of("required", beyond.get().raw()));
    }
  }

  private static IdentityState withRole(IdentityState old, RoleChange change, Instant now) {
    if (old.status() == IdentityState.Status.retired && change.add()) {
      throw new RefusedException(ErrorCode.CONFLICT, "a retired identity can't be changed");
    }
    if (change.add() == old.roles().contains(change.roleId())) {
      throw change.add()
          ? new RefusedException(ErrorCode.CONFLICT, "the role is assigned already")
          : new RefusedException(ErrorCode.ROLE_NOT_FOUND, "the role is not assigned");
    }
    List<String> changed = new ArrayList<>(old.roles());
    if (change.add()) {
      changed.add(change.roleId());
    } else {
      changed.remove(change.roleId());
    }
    return old.withRoles(changed, false, now);
  }
}
