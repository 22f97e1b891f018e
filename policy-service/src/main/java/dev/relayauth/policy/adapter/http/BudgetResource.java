package dev.relayauth.policy.adapter.http;

import dev.relayauth.common.budget.EffectiveLimits;
import dev.relayauth.common.budget.LimitsAuthor;
import dev.relayauth.common.credential.Caller;
import dev.relayauth.common.event.BudgetLimits;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.http.RequiresScope;
import dev.relayauth.common.revision.Revisions;
import dev.relayauth.policy.adapter.budget.KnownBudgets;
import dev.relayauth.policy.adapter.internal.IdentityBudgets;
import dev.relayauth.policy.adapter.kafka.BudgetProjection;
import dev.relayauth.policy.domain.budget.Cap;
import dev.relayauth.policy.domain.budget.Ledger;
import dev.relayauth.policy.domain.budget.Owner;
import dev.relayauth.policy.domain.decision.Agent;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an identity may do and spend, and what it has. */
@Path("/v1/identities/{id}/budget")
public final class BudgetResource {
  private static final BudgetLimits NONE = new BudgetLimits(null, null, null, null);

  private final BudgetAccess access;
  private final KnownBudgets known;
  private final IdentityBudgets identities;
  private final Ledger ledger;
  private final CurrentRequest request;
  private final Revisions revisions;
  private final InstantSource clock;

  BudgetResource(
      BudgetAccess access,
      KnownBudgets known,
      IdentityBudgets identities,
      Ledger ledger,
      CurrentRequest request,
      Revisions revisions,
      InstantSource clock) {
    this.access = access;
    this.known = known;
    this.identities = identities;
    this.ledger = ledger;
    this.request = request;
    this.revisions = revisions;
    this.clock = clock;
  }

  /** The least limits that bind the identity, its own or those above, and what was used of them. */
  @GET
  @RequiresScope("relayauth:budget:read")
  @RunOnVirtualThread
  public BudgetView get(String id) {
    return view(access.chain(request.tenant().org(), id));
  }

  /** Sets the limits anew; the identity service writes them. */
  @PUT
  @RequiresScope("relayauth:budget:manage")
  @RunOnVirtualThread
  public BudgetView put(String id, @Nullable BudgetLimits sent) {
    BudgetLimits limits = AdministrativeWrites.require(sent);
    Caller.Tenant caller = request.tenant();
    BudgetAccess.check(limits, "");
    List<Agent> chain = access.chain(caller.org(), id);
    access.requireAbove(caller, Owner.identity(id));
    IdentityBudgets.Changed changed =
        identities.put(
            caller.org(),
            id,
            limits,
            new LimitsAuthor(
                caller.actorId(),
                request.ip(),
                request.userAgent(),
                request.id(),
                request.traceparent()));
    request.wrote(changed.revision());
    revisions.await(changed.revision()).join();
    List<Agent> now = new ArrayList<>(chain.subList(0, chain.size() - 1));
    now.add(new Agent(changed.identity()));
    return view(now);
  }

  private BudgetView view(List<Agent> chain) {
    IdentityState self = chain.getLast().state();
    IdentityState topmost = chain.getFirst().state();
    List<BudgetLimits> binding = new ArrayList<>();
    BudgetLimits defaults =
        EffectiveLimits.isNone(topmost.budget()) ? known.defaults(topmost) : null;
    if (defaults != null) {
      binding.add(defaults);
    }
    IdentityState owner = null;
    for (Agent agent : chain) {
      BudgetLimits own = agent.state().budget();
      if (own != null && !EffectiveLimits.isNone(own)) {
        binding.add(own);
        owner = agent.state();
      }
    }
    BudgetLimits limits = EffectiveLimits.of(binding);
    if (limits == null) {
      return view(self, List.of(), NONE, null);
    }
    Owner counted = Owner.identity(owner == null ? topmost.id() : owner.id());
    List<Cap> caps = caps(counted, binding.getLast(), limits);
    String from = owner == null ? "defaults" : owner.id();
    return view(self, caps, limits, owner == self ? null : from);
  }

  /** The caps that are counted for the owner itself, with the limits that bind it. */
  private static List<Cap> caps(Owner owner, BudgetLimits own, BudgetLimits binding) {
    List<String> counted = BudgetProjection.read(owner, own).caps().stream().map(Cap::key).toList();
    return BudgetProjection.read(owner, binding).caps().stream()
        .filter(cap -> counted.contains(cap.key()))
        .toList();
  }

  private BudgetView view(
      IdentityState self, List<Cap> caps, BudgetLimits limits, @Nullable String inheritedFrom) {
    UsageView usage = UsageView.of(caps, ledger.usage(self.orgId(), caps, clock.instant()));
    return new BudgetView(self.id(), null, null, limits, limits, inheritedFrom, null, usage);
  }
}
