package dev.relayauth.identity.adapter.postgres;

import dev.relayauth.common.audit.OnBehalf;
import dev.relayauth.common.credential.Caller;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.event.IdentityState.Status;
import dev.relayauth.common.event.SponsorState;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.outbox.Transaction;
import dev.relayauth.common.outbox.Transactions;
import dev.relayauth.common.revocation.Initiator;
import dev.relayauth.identity.adapter.internal.PendingRevocations.Cause;
import dev.relayauth.identity.adapter.internal.PendingRevocations.Demand;
import dev.relayauth.identity.adapter.postgres.IdentityAdministration.View;
import dev.relayauth.identity.adapter.postgres.IdentityAdministration.Written;
import dev.relayauth.identity.domain.lifecycle.Transition;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Suspends, reactivates, retires and deletes identities: the whole tree in one transaction, and one
 * revocation entry that kills every token of it.
 */
@Singleton
public final class LifecycleAdministration {
  private static final List<String> LIVING = List.of(Status.active.name());
  private static final List<String> PRESENT =
      List.of(Status.active.name(), Status.suspended.name(), Status.retired.name());
  private static final List<String> NOT_RETIRED =
      List.of(Status.active.name(), Status.suspended.name());

  private final Transactions transactions;
  private final IdentityAdministration identities;
  private final IdentityStore store;
  private final DirectoryStore directory;
  private final AgentReach reach;
  private final Escalation escalation;

  LifecycleAdministration(
      Transactions transactions,
      IdentityAdministration identities,
      IdentityStore store,
      DirectoryStore directory,
      AgentReach reach,
      Escalation escalation) {
    this.transactions = transactions;
    this.identities = identities;
    this.store = store;
    this.directory = directory;
    this.reach = reach;
    this.escalation = escalation;
  }

  /** Takes an identity and its tree through a transition. */
  public Written apply(
      String id, Transition transition, @Nullable String reason, CurrentRequest request) {
    Caller.Tenant caller = request.tenant();
    List<Demand> demands = new ArrayList<>();
    Transactions.Committed<View> committed =
        escalation.guard(
            request,
            tx -> {
              IdentityState root = identities.lock(tx, caller.org(), id, null).state();
              reach.requireNotOver(tx, caller, root.id());
              check(tx, root, transition);
              View result = cascade(tx, root, transition, reason, request);
              boolean closed = transition != Transition.REACTIVATE;
              OnBehalf author = request.author(caller.actorId());
              Cause cause = Cause.asked(reason, author, root.id());
              demands.add(identities.demand(tx, root, closed, cause));
              return result;
            });
    return identities.written(committed, demands);
  }

  /** Retires an identity whose end has come, with its tree; nothing when somebody else has. */
  void end(String org, String id) {
    List<Demand> demands = new ArrayList<>();
    transactions.write(
        tx -> {
          Optional<IdentityState> root = store.lock(tx, org, id).map(IdentityRows.Stored::state);
          if (root.isPresent() && hasEnded(tx, root.get())) {
            List<IdentityState> tree = store.subtree(tx, org, id, NOT_RETIRED, null);
            for (IdentityState state : store.transition(tx, tree, Transition.RETIRE, null, id)) {
              identities.ended(tx, state, id);
            }
            Cause cause = new Cause("its end came", OnBehalf.itself(id), Initiator.system);
            demands.add(identities.demand(tx, root.get(), true, cause));
          }
          return demands.size();
        });
    identities.deliver(demands);
  }

  private static boolean hasEnded(Transaction tx, IdentityState identity) {
    return Transition.RETIRE.isLegalFrom(identity.status())
        && identity.expiresAt() != null
        && !tx.clock().instant().isBefore(identity.expiresAt());
  }

  /** Suspends an active identity that is locked, with its tree. */
  void suspend(Transaction tx, IdentityState root, String reason, CurrentRequest request)
      throws SQLException {
    cascade(tx, root, Transition.SUSPEND, reason, request);
  }

  /**
   * Suspends everything under a sponsor who leaves; the sponsor's own row is the caller's to write.
   */
  void suspendUnder(Transaction tx, SponsorState sponsor, String reason, CurrentRequest request)
      throws SQLException {
    List<IdentityState> tree = store.subtree(tx, sponsor.orgId(), sponsor.id(), LIVING, null);
    write(tx, tree, Transition.SUSPEND, reason, sponsor.id(), request);
  }

  private void check(Transaction tx, IdentityState root, Transition transition)
      throws SQLException {
    if (!transition.isLegalFrom(root.status())) {
      throw new RefusedException(
          ErrorCode.CONFLICT,
          "an identity that is " + root.status() + " can't be " + transition.pastTense());
    }
    if (transition == Transition.REACTIVATE) {
      boolean orphaned =
          directory
              .shareSponsor(tx, root.orgId(), root.sponsorChain().getFirst())
              .filter(sponsor -> sponsor.status() == SponsorState.Status.active)
              .isEmpty();
      if (orphaned || store.hasInactiveAncestor(tx, root)) {
        throw new RefusedException(
            ErrorCode.CONFLICT, "somebody above is not active; reactivate them first");
      }
    }
  }

  private View cascade(
      Transaction tx,
      IdentityState root,
      Transition transition,
      @Nullable String reason,
      CurrentRequest request)
      throws SQLException {
    List<IdentityState> tree =
        switch (transition) {
          case SUSPEND -> store.subtree(tx, root.orgId(), root.id(), LIVING, null);
          case REACTIVATE ->
              store.subtree(
                  tx,
                  root.orgId(),
                  root.id(),
                  List.of(Status.suspended.name()),
                  suspendedBy(tx, root));
          case RETIRE -> store.subtree(tx, root.orgId(), root.id(), NOT_RETIRED, null);
          case DELETE -> store.subtree(tx, root.orgId(), root.id(), PRESENT, null);
        };
    List<IdentityState> changed = write(tx, tree, transition, reason, root.id(), request);
    IdentityState self =
        changed.stream().filter(state -> state.id().equals(root.id())).findFirst().orElse(root);
    return store
        .find(tx, root.orgId(), root.id())
        .map(identities::view)
        .orElseGet(() -> new View(self, 0, self.budget()));
  }

  /** Those that fell with this one come back with it; those suspended for themselves don't. */
  private static String suspendedBy(Transaction tx, IdentityState root) throws SQLException {
    return tx.first(
            "select coalesce(suspended_by, id) from identity where id = ?",
            row -> row.getString(1),
            root.id())
        .orElse(root.id());
  }

  private List<IdentityState> write(
      Transaction tx,
      List<IdentityState> tree,
      Transition transition,
      @Nullable String reason,
      String root,
      CurrentRequest request)
      throws SQLException {
    List<IdentityState> changed = store.transition(tx, tree, transition, reason, root);
    for (IdentityState state : changed) {
      identities.publish(tx, transition.pastTense(), state, request);
      identities.auditTransition(tx, transition, state, reason, root, request);
    }
    return changed;
  }
}
