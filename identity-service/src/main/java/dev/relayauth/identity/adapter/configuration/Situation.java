package dev.relayauth.identity.adapter.configuration;

import dev.relayauth.common.event.SponsorState;
import dev.relayauth.identity.adapter.postgres.IdentityAdministration.View;
import dev.relayauth.identity.domain.configuration.Kind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What exists under the names of a configuration.
 *
 * @param configured what an earlier configuration has written or adopted
 */
record Situation(
    Map<String, SponsorState> sponsors,
    Map<String, Map<String, Object>> roles,
    Map<String, View> identities,
    Map<String, Map<String, Object>> policies,
    Map<Kind, Set<String>> configured) {

  /** The id behind the name of a role or policy; null when there is none. */
  static @Nullable String id(@Nullable Map<String, Object> remote) {
    return remote == null ? null : String.valueOf(remote.get("id"));
  }

  /** The names of roles, by their ids. */
  Map<String, String> roleNames() {
    Map<String, String> names = new HashMap<>();
    roles.forEach((name, role) -> names.put(String.valueOf(role.get("id")), name));
    return names;
  }

  /** The id of the identity of that name, or the text itself: a sponsor's id, or not there yet. */
  String sponsorId(String reference) {
    View named = identities.get(reference);
    return named == null ? reference : named.state().id();
  }

  static Map<String, Map<String, Object>> byName(List<Map<String, Object>> remote) {
    Map<String, Map<String, Object>> result = new HashMap<>();
    remote.forEach(item -> result.put(String.valueOf(item.get("name")), item));
    return result;
  }
}
