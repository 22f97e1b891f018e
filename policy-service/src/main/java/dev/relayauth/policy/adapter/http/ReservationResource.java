package dev.relayauth.policy.adapter.http;

import dev.relayauth.common.credential.Caller;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.http.Cursor;
import dev.relayauth.common.http.Page;
import dev.relayauth.common.http.RequiresScope;
import dev.relayauth.common.http.Traceparent;
import dev.relayauth.common.http.Violations;
import dev.relayauth.policy.adapter.budget.BudgetGate;
import dev.relayauth.policy.adapter.budget.Entries;
import dev.relayauth.policy.adapter.budget.Operations;
import dev.relayauth.policy.adapter.budget.Overruns;
import dev.relayauth.policy.adapter.budget.PermitIds;
import dev.relayauth.policy.domain.budget.Amounts;
import dev.relayauth.policy.domain.budget.Charge;
import dev.relayauth.policy.domain.budget.Operation;
import dev.relayauth.policy.domain.budget.OperationResult;
import dev.relayauth.policy.domain.budget.Owner;
import dev.relayauth.policy.domain.decision.DecisionRecord.Origin;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

/** Money set aside before it is spent, spent at once, or given back. */
@Path("/v1/budgets/{identityId}")
public final class ReservationResource {
  private static final int NUMBER_RADIX = 36;

  private static final long SETTLED_WITHIN_NANOS = 1_000_000_000;
  private static final long RETRY_NANOS = 50_000_000;

  private final LedgerRequests requests;
  private final Operations operations;
  private final Entries entries;
  private final Overruns overruns;
  private final PermitIds permits;
  private final BudgetAccess access;
  private final CurrentRequest request;

  ReservationResource(
      LedgerRequests requests,
      Operations operations,
      Entries entries,
      Overruns overruns,
      PermitIds permits,
      BudgetAccess access,
      CurrentRequest request) {
    this.requests = requests;
    this.operations = operations;
    this.entries = entries;
    this.overruns = overruns;
    this.permits = permits;
    this.access = access;
    this.request = request;
  }

  /** How much of a reservation is spent; all of it when that isn't said. */
  public record CommitBody(@Nullable BigDecimal amount) {}

  /** Sets money aside, of every budget above the identity or of none. */
  @POST
  @Path("reservations")
  @RequiresScope("relayauth:budget:manage")
  @RunOnVirtualThread
  @ResponseStatus(201)
  public ReservationView reserve(
      String identityId,
      @HeaderParam("Idempotency-Key") @Nullable String key,
      @Nullable ReservationBody sent) {
    return take(Operation.Kind.reservation, identityId, read(sent, key));
  }

  /** Spends money that was not set aside. */
  @POST
  @Path("spend")
  @RequiresScope("relayauth:budget:manage")
  @RunOnVirtualThread
  @ResponseStatus(201)
  public ReservationView spend(
      String identityId,
      @HeaderParam("Idempotency-Key") @Nullable String key,
      @Nullable ReservationBody sent) {
    return take(Operation.Kind.spend, identityId, read(sent, key));
  }

  /** Corrects what was spent by mistake; never the agent itself. */
  @POST
  @Path("credit")
  @RequiresScope("relayauth:budget:manage")
  @RunOnVirtualThread
  @ResponseStatus(201)
  public ReservationView credit(
      String identityId,
      @HeaderParam("Idempotency-Key") @Nullable String key,
      @Nullable ReservationBody sent) {
    ReservationBody body = read(sent, key);
    access.requireAbove(request.tenant(), Owner.identity(identityId));
    requireNoAgent();
    Operations.Request asked = requests.of(Operation.Kind.credit, identityId, body);
    return view(credited(asked), asked.operation());
  }

  /** What permits took is known a moment later, so that a credit which finds too little waits. */
  private OperationResult credited(Operations.Request asked) {
    long begun = System.nanoTime();
    OperationResult result = operations.credit(asked);
    while (result instanceof OperationResult.TooMuch
        && System.nanoTime() - begun < SETTLED_WITHIN_NANOS) {
      LockSupport.parkNanos(RETRY_NANOS);
      result = operations.credit(asked);
    }
    return result;
  }

  /**
   * Spends what was set aside, or less; the rest goes back. What a permit took, no agent gives
   * back: an agent, or one under it, has had the use of it.
   */
  @POST
  @Path("reservations/{reservation}/commit")
  @RequiresScope("relayauth:budget:manage")
  @RunOnVirtualThread
  public ReservationView commit(String identityId, String reservation, @Nullable CommitBody sent) {
    BigDecimal amount = sent == null ? null : sent.amount();
    boolean valid = amount == null || Amounts.units(amount).isPresent();
    new Violations()
        .check(valid, "/amount", "must be 0 to 1e12 in whole minor units of the currency")
        .throwIfAny();
    long units = amount == null ? -1 : Amounts.units(amount).orElse(-1L);
    IdentityState identity = spender(identityId);
    Operation named = named(identity, reservation);
    if (isPermit(named) && units >= 0 && units < named.amount()) {
      requireNoAgent();
    }
    return view(operations.commit(named, units, requests.described(identity)), named);
  }

  /** Gives back what was set aside; what a permit took, no agent does. */
  @POST
  @Path("reservations/{reservation}/void")
  @RequiresScope("relayauth:budget:manage")
  @RunOnVirtualThread
  public ReservationView cancel(String identityId, String reservation) {
    IdentityState identity = spender(identityId);
    Operation named = named(identity, reservation);
    if (isPermit(named)) {
      requireNoAgent();
    }
    return view(operations.cancel(named, requests.described(identity)), named);
  }

  /** What moved in the identity's own budget, newest first. */
  @GET
  @Path("entries")
  @RequiresScope("relayauth:budget:read")
  @RunOnVirtualThread
  public Page<EntryView> entries(
      String identityId,
      @QueryParam("limit") @Nullable String limit,
      @QueryParam("cursor") @Nullable String cursor) {
    identity(identityId);
    int size = Cursor.limit(limit);
    String org = request.tenant().org();
    String list = "entries/" + org + "/" + identityId;
    Cursor after = Cursor.decode(cursor, list);
    return Page.of(
        entries.page(org, Owner.identity(identityId), before(after), size + 1),
        size,
        list,
        EntryView::of,
        entry -> new Cursor(entry.at(), Long.toString(entry.n(), NUMBER_RADIX)));
  }

  private static long before(@Nullable Cursor cursor) {
    try {
      return cursor == null ? Long.MAX_VALUE : Long.parseLong(cursor.id(), NUMBER_RADIX);
    } catch (NumberFormatException e) {
      throw Cursor.foreign();
    }
  }

  private static ReservationBody read(@Nullable ReservationBody sent, @Nullable String key) {
    return AdministrativeWrites.require(sent).keyed(key).checked();
  }

  private ReservationView take(Operation.Kind kind, String identityId, ReservationBody body) {
    Operations.Request asked = requests.of(kind, identityId, body);
    OperationResult result = operations.take(asked);
    if (result instanceof OperationResult.Exceeded exceeded) {
      overruns.refused(asked.budgets(), exceeded.refusal(), origin());
    }
    return view(result, asked.operation());
  }

  private Origin origin() {
    Caller.Tenant caller = request.tenant();
    return new Origin(
        caller.actorId(),
        caller.sponsorId(),
        request.ip(),
        request.userAgent(),
        request.id(),
        Traceparent.traceId(request.traceparent()).orElse(null));
  }

  /** What comes back to an agent comes back to all above it: so none gives itself room. */
  private void requireNoAgent() {
    Caller.Tenant caller = request.tenant();
    access.requireAbove(caller, new Owner(Owner.Kind.organization, caller.org()));
  }

  /** A permit names what it took of each budget; a reservation is only a row's id. */
  private static boolean isPermit(Operation named) {
    return !named.allocations().isEmpty();
  }

  /** The identity, when it is the caller's to spend for. */
  private IdentityState spender(String identityId) {
    IdentityState identity = identity(identityId);
    access.requireReach(request.tenant(), identity);
    return identity;
  }

  private IdentityState identity(String identityId) {
    return access.chain(request.tenant().org(), identityId).getLast().state();
  }

  /** A permit's reservation says itself what it took; any other is a row of that id. */
  private Operation named(IdentityState identity, String id) {
    return permits
        .decode(BudgetGate.holder(access.chain(identity.orgId(), identity.id())), id)
        .orElseGet(
            () ->
                new Operation(
                    identity.orgId(),
                    id,
                    identity.id(),
                    Operation.Kind.reservation,
                    Operation.Status.reserved,
                    0,
                    null,
                    "",
                    List.of(),
                    java.time.Instant.EPOCH,
                    java.time.Instant.EPOCH));
  }

  private ReservationView view(OperationResult result, Operation asked) {
    return switch (result) {
      case OperationResult.Done done -> {
        // The ledger is read from the database, so there is nothing for a reader to wait for.
        request.wrote(0);
        yield ReservationView.of(done.operation(), done.rooms());
      }
      case OperationResult.Exceeded exceeded -> throw exceeded(exceeded.refusal(), asked);
      case OperationResult.Conflicting conflicting ->
          throw new RefusedException(ErrorCode.CONFLICT, conflicting.detail());
      case OperationResult.TooMuch tooMuch ->
          throw wrongAmount("is more than " + Amounts.major(tooMuch.most()).toPlainString());
      case OperationResult.TooFine tooFine ->
          throw wrongAmount("is not in whole minor units of " + tooFine.currency());
      case OperationResult.Unknown ignored ->
          throw new RefusedException(ErrorCode.NOT_FOUND, "there is no such reservation");
    };
  }

  private static RefusedException wrongAmount(String detail) {
    return new RefusedException(
        ErrorCode.VALIDATION_FAILED,
        "/amount " + detail,
        Map.of("errors", List.of(Map.of("pointer", "/amount", "detail", detail))));
  }

  private static RefusedException exceeded(Charge.Refused refusal, Operation asked) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("remaining", Amounts.major(refusal.remaining()));
    members.put("limit", Amounts.major(refusal.cap().limit()));
    members.put("currency", asked.currency());
    members.put("resetAt", refusal.resets().toString());
    members.put("exceeded", refusal.cap().key());
    return new RefusedException(
        ErrorCode.BUDGET_EXCEEDED, "the budget has no room for the amount", members);
  }
}
