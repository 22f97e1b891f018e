package dev.relayauth.policy.adapter.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.relayauth.common.audit.AuditDraft;
import dev.relayauth.common.audit.AuditRecords;
import dev.relayauth.common.credential.Caller;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.event.BudgetLimits;
import dev.relayauth.common.event.BudgetState;
import dev.relayauth.common.event.EntityKind;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.http.RequiresScope;
import dev.relayauth.common.json.Json;
import dev.relayauth.common.outbox.Transactions;
import dev.relayauth.policy.adapter.internal.Entities;
import dev.relayauth.policy.adapter.kafka.BudgetProjection;
import dev.relayauth.policy.adapter.postgres.BudgetStore;
import dev.relayauth.policy.domain.budget.Cap;
import dev.relayauth.policy.domain.budget.Ledger;
import dev.relayauth.policy.domain.budget.Owner;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What all agents of a workspace, of a sponsor or of the organisation may do together. */
@Path("/v1/budgets")
public final class OwnerBudgetResource {
  private static final BudgetLimits NONE = new BudgetLimits(null, null, null, null);

  private final BudgetAccess access;
  private final BudgetCurrencies currencies;
  private final BudgetStore store;
  private final Transactions transactions;
  private final AdministrativeWrites writes;
  private final Ledger ledger;
  private final Entities entities;
  private final AuditRecords audit;
  private final CurrentRequest request;
  private final InstantSource clock;

  OwnerBudgetResource(
      BudgetAccess access,
      BudgetCurrencies currencies,
      BudgetStore store,
      Transactions transactions,
      AdministrativeWrites writes,
      Ledger ledger,
      Entities entities,
      AuditRecords audit,
      CurrentRequest request,
      InstantSource clock) {
    this.access = access;
    this.currencies = currencies;
    this.store = store;
    this.transactions = transactions;
    this.writes = writes;
    this.ledger = ledger;
    this.entities = entities;
    this.audit = audit;
    this.request = request;
    this.clock = clock;
  }

  /** The organisation's. */
  @GET
  @Path("organization")
  @RequiresScope("relayauth:budget:read")
  @RunOnVirtualThread
  public BudgetView organization() {
    return get(organizationOf(request.tenant()));
  }

  /** Sets the organisation's anew, and what its agents have by default. */
  @PUT
  @Path("organization")
  @RequiresScope("relayauth:budget:manage")
  @RunOnVirtualThread
  public BudgetView putOrganization(@Nullable JsonNode sent) throws JsonProcessingException {
    return put(organizationOf(request.tenant()), sent);
  }

  /** A workspace's. */
  @GET
  @Path("workspaces/{id}")
  @RequiresScope("relayauth:budget:read")
  @RunOnVirtualThread
  public BudgetView workspace(String id) {
    return get(existing(Owner.Kind.workspace, EntityKind.WORKSPACE, id));
  }

  /** Sets a workspace's anew, and what its agents have by default. */
  @PUT
  @Path("workspaces/{id}")
  @RequiresScope("relayauth:budget:manage")
  @RunOnVirtualThread
  public BudgetView putWorkspace(String id, @Nullable JsonNode sent)
      throws JsonProcessingException {
    return put(existing(Owner.Kind.workspace, EntityKind.WORKSPACE, id), sent);
  }

  /** A sponsor's. */
  @GET
  @Path("sponsors/{id}")
  @RequiresScope("relayauth:budget:read")
  @RunOnVirtualThread
  public BudgetView sponsor(String id) {
    return get(existing(Owner.Kind.sponsor, EntityKind.SPONSOR, id));
  }

  /** Sets a sponsor's anew. */
  @PUT
  @Path("sponsors/{id}")
  @RequiresScope("relayauth:budget:manage")
  @RunOnVirtualThread
  public BudgetView putSponsor(String id, @Nullable JsonNode sent) throws JsonProcessingException {
    return put(existing(Owner.Kind.sponsor, EntityKind.SPONSOR, id), sent);
  }

  private static Owner organizationOf(Caller.Tenant caller) {
    return new Owner(Owner.Kind.organization, caller.org());
  }

  private Owner existing(Owner.Kind kind, EntityKind entity, String id) {
    if (!entities.exists(request.tenant().org(), entity, id)) {
      throw new RefusedException(ErrorCode.NOT_FOUND, "there is no such " + kind);
    }
    return new Owner(kind, id);
  }

  private BudgetView get(Owner owner) {
    String org = request.tenant().org();
    return view(org, owner, transactions.read(tx -> store.find(tx, org, owner)).orElse(null));
  }

  private BudgetView put(Owner owner, @Nullable JsonNode sent) throws JsonProcessingException {
    Caller.Tenant caller = request.tenant();
    if (!(sent instanceof ObjectNode body)) {
      throw new RefusedException(ErrorCode.VALIDATION_FAILED, "a JSON object is required");
    }
    BudgetLimits limits = Json.MAPPER.treeToValue(body, BudgetLimits.class);
    BudgetAccess.check(limits, "");
    JsonNode nested = body.get("agentDefaults");
    BudgetLimits defaults =
        nested == null || nested.isNull()
            ? null
            : Json.MAPPER.treeToValue(nested, BudgetLimits.class);
    if (defaults != null) {
      BudgetAccess.check(defaults, "/agentDefaults");
    }
    access.requireAbove(caller, owner);
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    BudgetState state =
        new BudgetState(caller.org(), owner.kind().name(), owner.id(), limits, defaults, now, 0);
    writes.commit(
        tx -> {
          currencies.requireSame(state, store.all(tx, caller.org()));
          store.put(tx, state, request.traceparent());
          audit.append(tx, described(state), request);
          return state;
        });
    return view(caller.org(), owner, state);
  }

  private AuditDraft described(BudgetState state) {
    return audit
        .draft("budget.updated", state.orgId(), request)
        .with("ownerKind", state.ownerKind())
        .with("ownerId", state.ownerId())
        .with("limits", text(state.limits()))
        .with("agentDefaults", text(state.agentDefaults()));
  }

  private static @Nullable String text(@Nullable BudgetLimits limits) {
    return limits == null ? null : new String(Json.write(limits), StandardCharsets.UTF_8);
  }

  private BudgetView view(String org, Owner owner, @Nullable BudgetState state) {
    BudgetLimits limits = state == null || state.limits() == null ? NONE : state.limits();
    List<Cap> caps = limits.equals(NONE) ? List.of() : BudgetProjection.read(owner, limits).caps();
    UsageView usage = UsageView.of(caps, ledger.usage(org, caps, clock.instant()));
    return new BudgetView(
        null,
        owner.kind().name(),
        owner.id(),
        limits,
        limits,
        null,
        state == null ? null : state.agentDefaults(),
        usage);
  }
}
