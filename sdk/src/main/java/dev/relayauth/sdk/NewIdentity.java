package dev.relayauth.sdk;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An identity to create.
 *
 * @param sponsorId a human, or an active identity, whose sub-agent it is then
 * @param scopes its standing grants; null for none, with what a token's issuer names instead
 */
public record NewIdentity(
    String name,
    String sponsorId,
    @Nullable String type,
    @Nullable List<String> scopes,
    @Nullable List<String> roles,
    @Nullable Map<String, String> metadata,
    @Nullable String workspaceId,
    @Nullable Budget budget) {
  public NewIdentity {
    Objects.requireNonNull(name);
    Objects.requireNonNull(sponsorId);
  }

  /** An agent of that name under that sponsor. */
  public static NewIdentity agent(String name, String sponsorId) {
    return new NewIdentity(name, sponsorId, null, null, null, null, null, null);
  }

  /** With standing grants. */
  public NewIdentity scopes(String... granted) {
    return new NewIdentity(
        name, sponsorId, type, List.of(granted), roles, metadata, workspaceId, budget);
  }

  /** With roles. */
  public NewIdentity roles(String... assigned) {
    return new NewIdentity(
        name, sponsorId, type, scopes, List.of(assigned), metadata, workspaceId, budget);
  }

  /** Of another type than {@code agent}: {@code human} or {@code service}. */
  public NewIdentity type(String other) {
    return new NewIdentity(name, sponsorId, other, scopes, roles, metadata, workspaceId, budget);
  }

  /** With metadata. */
  public NewIdentity metadata(Map<String, String> known) {
    return new NewIdentity(
        name, sponsorId, type, scopes, roles, Map.copyOf(known), workspaceId, budget);
  }

  /** In a workspace. */
  public NewIdentity workspace(String id) {
    return new NewIdentity(name, sponsorId, type, scopes, roles, metadata, id, budget);
  }

  /** With limits. */
  public NewIdentity budget(Budget limits) {
    return new NewIdentity(name, sponsorId, type, scopes, roles, metadata, workspaceId, limits);
  }
}
