package dev.relayauth.policy.adapter.http;

import dev.relayauth.common.http.Internal;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;

/** Tells the audit service the budget of an identity, for its activity. */
@Path("/internal/v1/budgets/{org}/{id}/budget")
public final class InternalBudgetResource {
  private final BudgetAccess access;
  private final BudgetViews views;

  InternalBudgetResource(BudgetAccess access, BudgetViews views) {
    this.access = access;
    this.views = views;
  }

  /** The same as clients are told. */
  @GET
  @Internal
  @RunOnVirtualThread
  public BudgetView get(String org, String id) {
    return views.of(access.chain(org, id));
  }
}
