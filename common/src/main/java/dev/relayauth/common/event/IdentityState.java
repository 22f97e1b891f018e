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
