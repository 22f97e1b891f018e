package dev.relayauth.policy.adapter.http;

import static dev.relayauth.policy.adapter.http.AdministrativeWrites.require;
import static dev.relayauth.policy.adapter.http.AdministrativeWrites.requireOwn;

import dev.relayauth.common.audit.AuditRecords;
import dev.relayauth.common.credential.Caller;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.event.EntityKind;
import dev.relayauth.common.event.PolicyState;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.http.Cursor;
import dev.relayauth.common.http.Page;
import dev.relayauth.common.http.RequiresScope;
import dev.relayauth.common.http.Violations;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.id.IdSource;
import dev.relayauth.common.outbox.Transaction;
import dev.relayauth.common.outbox.Transactions;
import dev.relayauth.policy.adapter.internal.Entities;
import dev.relayauth.policy.adapter.postgres.PolicyStore;
import dev.relayauth.policy.adapter.postgres.Publication;
import dev.relayauth.policy.domain.administration.PolicyRules;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

/** Policies: what is denied to whom, and under which conditions a grant counts. */
@Path("/v1/policies")
public final class PolicyResource {
  private final AdministrativeWrites writes;
  private final Transactions transactions;
  private final PolicyStore store;
  private final Publication publication;
  private final AuditRecords audit;
  private final CurrentRequest request;
  private final Entities entities;
  private final IdSource ids;
  private final InstantSource clock;
  private final PolicyTestGuard guard;
  private final PolicyReach reach;

  PolicyResource(
      AdministrativeWrites writes,
      Transactions transactions,
      PolicyStore store,
      Publication publication,
      AuditRecords audit,
      CurrentRequest request,
      Entities entities,
      IdSource ids,
      InstantSource clock,
      PolicyTestGuard guard,
      PolicyReach reach) {
    this.writes = writes;
    this.transactions = transactions;
    this.store = store;
    this.publication = publication;
    this.audit = audit;
    this.request = request;
    this.entities = entities;
    this.ids = ids;
    this.clock = clock;
    this.guard = guard;
    this.reach = reach;
  }

  /** Creates a policy about scopes that its author holds. */
  @POST
  @RequiresScope("relayauth:policy:manage")
  @RunOnVirtualThread
  @ResponseStatus(201)
  public PolicyView create(@Nullable PolicyBody sent) {
    PolicyBody body = require(sent);
    Caller.Tenant author = request.tenant();
    requireOwn(body.orgId(), author);
    PolicyState policy = body.create(author.org(), ids.next(IdPrefix.POLICY), now());
    check(policy);
    writes.requireHeld(author, policy.scopes());
    reach.requireMayAdd(author, policy);
    requireTargets(body, author.org());
    return PolicyView.of(
        writes.commit(
            tx -> {
              store.insert(tx, policy);
              return publish(tx, policy, "created");
            }));
  }

  /** A page of policies, newest first. */
  @GET
  @RequiresScope("relayauth:policy:read")
  @RunOnVirtualThread
  public Page<PolicyView> list(
      @QueryParam("limit") @Nullable String limit, @QueryParam("cursor") @Nullable String cursor) {
    int size = Cursor.limit(limit);
    String org = request.tenant().org();
    String list = "policies/" + org;
    Cursor after = Cursor.decode(cursor, list);
    return Page.of(
        transactions.read(tx -> store.list(tx, org, after, size + 1)),
        size,
        list,
        PolicyView::of,
        PolicyView::place);
  }

  /** One policy. */
  @GET
  @Path("{id}")
  @RequiresScope("relayauth:policy:read")
  @RunOnVirtualThread
  public PolicyView get(String id) {
    String org = request.tenant().org();
    return PolicyView.of(
        transactions.read(tx -> store.find(tx, org, id)).orElseThrow(PolicyResource::notFound));
  }

  /** Changes the members that are sent; the author holds the scopes of before and after. */
  @PATCH
  @Path("{id}")
  @RequiresScope("relayauth:policy:manage")
  @RunOnVirtualThread
  public PolicyView change(String id, @Nullable PolicyBody sent) {
    PolicyBody body = require(sent);
    Caller.Tenant author = request.tenant();
    requireOwn(body.orgId(), author);
    new Violations().check(!body.changesNothing(), "", "nothing to change").throwIfAny();
    requireTargets(body, author.org());
    return PolicyView.of(
        writes.commit(
            tx -> {
              PolicyState known = lock(tx, author, id);
              PolicyState policy = body.applyTo(known, now());
              check(policy);
              writes.requireHeld(author, known.scopes());
              writes.requireHeld(author, policy.scopes());
              reach.requireMayChange(author);
              store.update(tx, policy);
              return publish(tx, policy, "updated");
            }));
  }

  /** Deletes a policy about scopes that the caller holds: nobody lifts a limit above their own. */
  @DELETE
  @Path("{id}")
  @RequiresScope("relayauth:policy:manage")
  @RunOnVirtualThread
  public void delete(String id) {
    Caller.Tenant author = request.tenant();
    writes.commit(
        tx -> {
          PolicyState policy = deleted(lock(tx, author, id), now());
          writes.requireHeld(author, policy.scopes());
          reach.requireMayChange(author);
          store.update(tx, policy);
          return publish(tx, policy, "deleted");
        });
  }

  private PolicyState publish(Transaction tx, PolicyState policy, String pastTense)
      throws SQLException {
    guard.check(tx, policy);
    publication.publish(tx, policy, pastTense, request.traceparent());
    audit.append(
        tx,
        audit
            .draft("policy." + pastTense, policy.orgId(), request)
            .workspace(policy.workspaceId())
            .with("policyId", policy.id())
            .with("name", policy.name())
            .with("effect", policy.effect().name())
            .with("scopes", String.join(" ", policy.scopes()))
            .with("appliesTo", policy.identityId()),
        request);
    return policy;
  }

  private PolicyState lock(Transaction tx, Caller.Tenant author, String id) throws SQLException {
    return store.lock(tx, author.org(), id).orElseThrow(PolicyResource::notFound);
  }

  private static void check(PolicyState policy) {
    Violations violations = new Violations();
    PolicyRules.check(policy, (pointer, detail) -> violations.check(false, pointer, detail));
    violations.throwIfAny();
  }

  /** A policy about something that isn't there would look like protection and be none. */
  private void requireTargets(PolicyBody body, String org) {
    if (body.workspaceId() != null
        && !entities.exists(org, EntityKind.WORKSPACE, body.workspaceId())) {
      throw new RefusedException(ErrorCode.NOT_FOUND, "there is no such workspace");
    }
    if (body.identityId() != null
        && !entities.exists(org, EntityKind.IDENTITY, body.identityId())) {
      throw new RefusedException(ErrorCode.IDENTITY_NOT_FOUND, "there is no such identity");
    }
  }

  private static RefusedException notFound() {
    return new RefusedException(ErrorCode.POLICY_NOT_FOUND, "there is no such policy");
  }

  /** The policy, deleted. */
  static PolicyState deleted(PolicyState policy, Instant at) {
    return new PolicyState(
        policy.orgId(),
        policy.id(),
        policy.name(),
        policy.description(),
        policy.effect(),
        policy.scopes(),
        policy.conditions(),
        policy.obligations(),
        policy.priority(),
        policy.workspaceId(),
        policy.identityId(),
        true,
        policy.createdAt(),
        at,
        0);
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }
}
