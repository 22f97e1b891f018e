package dev.relayauth.identity.adapter.internal;

import dev.relayauth.common.directory.RoleProjection;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.event.RoleState;
import dev.relayauth.common.internal.InternalClient;
import dev.relayauth.common.internal.ServiceUnavailableException;
import dev.relayauth.common.json.Json;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Roles from memory, or from the policy service when one is so new that its event isn't here. */
@Singleton
public final class KnownRoles {
  private final RoleProjection projection;
  private final InternalClient client;

  KnownRoles(RoleProjection projection, InternalClient client) {
    this.projection = projection;
    this.client = client;
  }

  private record Answer(List<RoleState> roles) {}

  /**
   * The role, when it exists. Blocking.
   *
   * @throws ServiceUnavailableException when the policy service had to be asked and is away
   */
  public Optional<RoleState> find(String org, String id) {
    if (projection.isGone(org, id)) {
      return Optional.empty();
    }
    return projection.find(org, id).or(() -> ask(org, id));
  }

  /** Whether the role is known to have been deleted. */
  public boolean isGone(String org, String id) {
    return projection.isGone(org, id);
  }

  /** What a role gives an identity, as far as memory knows. */
  public List<String> scopes(IdentityState identity, String id) {
    return projection.scopes(identity, id);
  }

  private Optional<RoleState> ask(String org, String id) {
    Map<String, Object> wanted = Map.of("orgId", org, "roleIds", List.of(id));
    return client
        .await(client.post("policy", "/internal/v1/roles/resolve", wanted))
        .found("policy")
        .flatMap(body -> Json.read(body, Answer.class).roles().stream().findFirst());
  }
}
