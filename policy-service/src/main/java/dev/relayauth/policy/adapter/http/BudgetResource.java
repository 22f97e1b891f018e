package dev.relayauth.policy.adapter.http;

import dev.relayauth.common.budget.LimitsAuthor;
import dev.relayauth.common.credential.Caller;
import dev.relayauth.common.event.BudgetLimits;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.http.RequiresScope;
import dev.relayauth.common.revision.Revisions;
import dev.relayauth.policy.adapter.internal.IdentityBudgets;
import dev.relayauth.policy.domain.budget.Owner;
import dev.relayauth.policy.domain.decision.Agent;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an identity may do and spend, and what it has. */
@Path("/v1/identities/{id}/budget")
public final class BudgetResource {
  private final BudgetAccess access;
  private final BudgetCurrencies currencies;
  private final BudgetViews views;
  private final IdentityBudgets identities;
  private final CurrentRequest request;
  private final Revisions revisions;

  BudgetResource(
      BudgetAccess access,
      BudgetCurrencies currencies,
      BudgetViews views,
      IdentityBudgets identities,
      CurrentRequest request,
      Revisions revisions) {
    this.access = access;
    this.currencies = currencies;
    this.views = views;
    this.identities = identities;
    this.request = request;
    this.revisions = revisions;
  }

  /** The least limits that bind the identity, its own or those above, and what was used of them. */
  @GET
  @RequiresScope("relayauth:budget:read")
  @RunOnVirtualThread
  public BudgetView get(String id) {
    return views.of(access.chain(request.tenant().org(), id));
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
    currencies.requireSameAbove(chain, limits);
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
    return views.of(now);
  }
}
