package dev.relayauth.common.event;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An identity in full.
 *
 * @param scopes the direct grants; empty when it has none
 * @param issuerScoped whether it never had scopes or roles, so that a token carries what its issuer
 *     names
 * @param sponsorChain first a human, last this identity
 * @param budget its own limits; {@code null} means its parent's
 * @param expiresAt when the identity itself ends
 * @param revision the sequence of the event that carries this state
 */
public record IdentityState(
    String orgId,
    String id,
    String name,
    Type type,
    Status status,
    @Nullable String workspaceId,
    String sponsorId,
    List<String> sponsorChain,
    List<String> scopes,
    List<String> roles,
    boolean issuerScoped,
    Map<String, String> metadata,
    @Nullable BudgetLimits budget,
    @Nullable Instant expiresAt,
    @Nullable Instant suspendedAt,
    @Nullable String suspendReason,
    Instant createdAt,
    Instant updatedAt,
    long revision) {

  /** Copies the collections. */
  public IdentityState {
    sponsorChain = List.copyOf(sponsorChain);
    scopes = List.copyOf(scopes);
    roles = List.copyOf(roles);
    metadata = Map.copyOf(metadata);
  }

  /** The same with other limits of its own, or with none. */
  public IdentityState withBudget(@Nullable BudgetLimits limits, Instant now) {
    return changed(roles, issuerScoped, limits, now, revision);
  }

  /** The same with other roles. */
  public IdentityState withRoles(List<String> given, boolean namedByIssuers, Instant now) {
    return changed(given, namedByIssuers, budget, now, revision);
  }

  /** The same with another place in the topic. */
  public IdentityState at(long newRevision) {
    return changed(roles, issuerScoped, budget, updatedAt, newRevision);
  }

  private IdentityState changed(
      List<String> newRoles,
      boolean newIssuerScoped,
      @Nullable BudgetLimits newBudget,
      Instant newUpdatedAt,
      long newRevision) {
    return new IdentityState(
        orgId,
        id,
        name,
        type,
        status,
        workspaceId,
        sponsorId,
        sponsorChain,
        scopes,
        newRoles,
        newIssuerScoped,
        metadata,
        newBudget,
        expiresAt,
        suspendedAt,
        suspendReason,
        createdAt,
        newUpdatedAt,
        newRevision);
  }

  /** What acts under the identity; spelled as on the wire. */
  public enum Type {
    agent,
    human,
    service
  }

  /** Where the identity stands; spelled as on the wire. */
  public enum Status {
    active,
    suspended,
    retired,
    deleted
  }
}
