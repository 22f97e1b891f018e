package dev.relayauth.policy.adapter.kafka;

import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.event.IdentityState.Status;
import dev.relayauth.policy.domain.search.AgentDirectory;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The identities by the names that peers gave them. One thread writes, any number read. */
final class AgentNames {
  private final Map<String, Set<String>> idsByExternalId = new ConcurrentHashMap<>();

  /** Follows an identity from what it was to what it is; null where it isn't. */
  void change(@Nullable IdentityState before, @Nullable IdentityState after) {
    if (before != null) {
      externalId(before).ifPresent(name -> forget(key(before, name), before.id()));
    }
    if (after != null && after.status() != Status.deleted) {
      externalId(after)
          .ifPresent(
              name ->
                  idsByExternalId.merge(key(after, name), Set.of(after.id()), AgentNames::union));
    }
  }

  /** The one identity of that name; none when several have it. */
  Optional<String> byExternalId(String org, String externalId) {
    Set<String> ids = idsByExternalId.getOrDefault(org + "/" + externalId, Set.of());
    return ids.size() == 1 ? ids.stream().findFirst() : Optional.empty();
  }

  private void forget(String key, String id) {
    idsByExternalId.computeIfPresent(
        key,
        (name, ids) -> {
          Set<String> rest = new java.util.HashSet<>(ids);
          rest.remove(id);
          return rest.isEmpty() ? null : Set.copyOf(rest);
        });
  }

  private static Set<String> union(Set<String> some, Set<String> others) {
    Set<String> all = new java.util.HashSet<>(some);
    all.addAll(others);
    return Set.copyOf(all);
  }

  private static Optional<String> externalId(IdentityState identity) {
    return Optional.ofNullable(identity.metadata().get(AgentDirectory.EXTERNAL_ID));
  }

  private static String key(IdentityState identity, String externalId) {
    return identity.orgId() + "/" + externalId;
  }
}
