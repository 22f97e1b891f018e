package dev.relayauth.identity.adapter.postgres;

import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.event.BudgetLimits;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.event.SponsorState;
import dev.relayauth.common.grant.EffectiveGrants;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.outbox.Transaction;
import dev.relayauth.identity.adapter.internal.KnownRoles;
import dev.relayauth.identity.domain.attenuation.Attenuation;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds who a new identity is to stand under: a human, or an active identity of the organisation.
 */
@Singleton
final class SponsorResolution {
  private final IdentityStore identities;
  private final DirectoryStore directory;
  private final KnownRoles roles;

  SponsorResolution(IdentityStore identities, DirectoryStore directory, KnownRoles roles) {
    this.identities = identities;
    this.directory = directory;
    this.roles = roles;
  }

  /**
   * Who stands above, and what that bounds.
   *
   * @param chain the sponsor's own chain, which the new identity's continues
   * @param parent null under a human
   * @param budgets of those above, the topmost first
   */
  record Above(
      List<String> chain,
      @Nullable IdentityState parent,
      @Nullable EffectiveGrants grants,
      List<BudgetLimits> budgets,
      @Nullable Instant expiresAt) {
    /** Copies the list. */
    Above {
      budgets = List.copyOf(budgets);
    }

    /** The nearest of those above, which a child without one has. */
    @Nullable BudgetLimits budget() {
      return budgets.isEmpty() ? null : budgets.getLast();
    }
  }

  /** Locks the chain above, so that nobody is suspended or narrowed between check and commit. */
  Above resolve(Transaction tx, String org, String sponsorId) throws SQLException {
    return sponsorId.startsWith(IdPrefix.IDENTITY.text())
        ? underIdentity(tx, org, sponsorId)
        : underHuman(tx, org, sponsorId);
  }

  /** What bounds an identity that exists: everything above it. */
  @Nullable Above above(Transaction tx, IdentityState identity) throws SQLException {
    return identity.sponsorChain().size() <= 2
        ? null
        : fromChain(
            identities.lockChain(
                tx,
                identity.orgId(),
                identity.sponsorChain().subList(1, identity.sponsorChain().size() - 1)));
  }

  private Above underHuman(Transaction tx, String org, String sponsorId) throws SQLException {
    Optional<SponsorState> sponsor = directory.shareSponsor(tx, org, sponsorId);
    if (sponsor.isEmpty()) {
      throw invalid("/sponsorId", "there is no sponsor " + sponsorId + " in the organisation");
    }
    if (sponsor.get().status() != SponsorState.Status.active) {
      throw invalid("/sponsorId", "the sponsor is offboarded");
    }
    return new Above(List.of(sponsorId), null, null, List.of(), null);
  }

  private Above underIdentity(Transaction tx, String org, String id) throws SQLException {
    IdentityState parent =
        identities
            .find(tx, org, id)
            .orElseThrow(
                () -> new RefusedException(ErrorCode.IDENTITY_NOT_FOUND, "no identity " + id))
            .state();
    if (parent.sponsorChain().size() > Attenuation.MAX_DEPTH) {
      throw new RefusedException(
          ErrorCode.DELEGATION_DEPTH_EXCEEDED,
          "a chain may have " + Attenuation.MAX_DEPTH + " identities at most");
    }
    List<IdentityState> chain =
        identities.lockChain(
            tx, org, parent.sponsorChain().subList(1, parent.sponsorChain().size()));
    for (IdentityState ancestor : chain) {
      refuseInactive(ancestor);
    }
    return fromChain(chain);
  }

  private Above fromChain(List<IdentityState> chain) {
    IdentityState parent = chain.getLast();
    List<BudgetLimits> budgets = new ArrayList<>();
    Instant expiresAt = null;
    for (IdentityState ancestor : chain) {
      BudgetLimits budget = ancestor.budget();
      if (budget != null) {
        budgets.add(budget);
      }
      expiresAt = ancestor.expiresAt() == null ? expiresAt : ancestor.expiresAt();
    }
    EffectiveGrants grants = EffectiveGrants.of(chain, roles::scopes);
    return new Above(parent.sponsorChain(), parent, grants, budgets, expiresAt);
  }

  private static void refuseInactive(IdentityState identity) {
    switch (identity.status()) {
      case active -> {}
      case suspended ->
          throw new RefusedException(ErrorCode.IDENTITY_SUSPENDED, identity.id() + " is suspended");
      case retired ->
          throw new RefusedException(ErrorCode.IDENTITY_RETIRED, identity.id() + " is retired");
      case deleted ->
          throw new RefusedException(ErrorCode.IDENTITY_NOT_FOUND, "no identity " + identity.id());
    }
  }

  static RefusedException invalid(String pointer, String detail) {
    return new RefusedException(
        ErrorCode.VALIDATION_FAILED,
        pointer + " " + detail,
        Map.of("errors", List.of(Map.of("pointer", pointer, "detail", detail))));
  }
}
