package dev.relayauth.identity.adapter.internal;

import dev.relayauth.common.budget.BudgetRules;
import dev.relayauth.common.budget.LimitsAuthor;
import dev.relayauth.common.event.BudgetLimits;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.http.Internal;
import dev.relayauth.common.http.Violations;
import dev.relayauth.common.revision.Revisions;
import dev.relayauth.identity.adapter.postgres.BudgetAdministration;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the policy service, which keeps the ledger, asks of the keeper of the limits. */
@Path("/internal/v1/budgets/{org}/{id}")
@RunOnVirtualThread
public final class BudgetRoutes {
  private final BudgetAdministration budgets;
  private final CurrentRequest request;
  private final Revisions revisions;

  BudgetRoutes(BudgetAdministration budgets, CurrentRequest request, Revisions revisions) {
    this.budgets = budgets;
    this.request = request;
    this.revisions = revisions;
  }

  /** The limits, and who sets them. */
  public record LimitsBody(@Nullable BudgetLimits budget, @Nullable LimitsAuthor author) {}

  /** Why somebody is to be suspended. */
  public record SuspensionBody(@Nullable String reason) {}

  /** The identity after the change, and the revision that names it. */
  public record Changed(IdentityState identity, String revision) {}

  /** Sets the limits of an identity for a caller that the policy service has checked. */
  @POST
  @Path("/limits")
  @Internal
  public Changed put(String org, String id, LimitsBody body) {
    BudgetLimits limits = Objects.requireNonNull(body.budget());
    Violations violations = new Violations();
    BudgetRules.check(limits, "", (where, detail) -> violations.check(false, where, detail));
    violations.throwIfAny();
    var written = budgets.put(org, id, limits, Objects.requireNonNull(body.author()), request);
    return new Changed(written.view().state(), revisions.of(written.sequence()));
  }

  /** Suspends an identity that has overrun its budget; nothing happens when it is already. */
  @POST
  @Path("/suspension")
  @Internal
  public void suspend(String org, String id, SuspensionBody body) {
    budgets.suspend(org, id, Objects.requireNonNull(body.reason()), request);
  }
}
