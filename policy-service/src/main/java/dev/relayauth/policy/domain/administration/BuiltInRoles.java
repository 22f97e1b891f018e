package dev.relayauth.policy.domain.administration;

import dev.relayauth.common.event.RoleState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The roles that exist in every organisation, under the same ids, and that nobody can change: one
 * for those who run it, one for those who build agents, one for those who look.
 */
public final class BuiltInRoles {
  private static final Map<String, RoleState> TEMPLATES = new TreeMap<>();

  static {
    add("relayauth-admin", "Everything in the organisation", List.of("*"));
    add(
        "relayauth-developer",
        "Creates identities and their tokens, reads everything of RelayAuth, changes no rule",
        List.of(
            "relayauth:*:read",
            "relayauth:identity:manage",
            "relayauth:token:create",
            "relayauth:token:manage"));
    add("relayauth-read-only", "Reads everything of RelayAuth", List.of("relayauth:*:read"));
  }

  private BuiltInRoles() {}

  private static void add(String name, String description, List<String> scopes) {
    String id = "role_" + name;
    TEMPLATES.put(
        id,
        new RoleState(
            "", id, name, description, scopes, null, true, false, Instant.EPOCH, Instant.EPOCH, 0));
  }

  /** The built-in role of that id, in an organisation. */
  public static Optional<RoleState> find(String org, String id) {
    return Optional.ofNullable(TEMPLATES.get(id)).map(role -> in(org, role));
  }

  /** All of them, in an organisation; the greatest id first. */
  public static List<RoleState> of(String org) {
    return TEMPLATES.values().stream().map(role -> in(org, role)).toList().reversed();
  }

  private static RoleState in(String org, RoleState role) {
    return new RoleState(
        org,
        role.id(),
        role.name(),
        role.description(),
        role.scopes(),
        null,
        true,
        false,
        role.createdAt(),
        role.updatedAt(),
        0);
  }
}
