package dev.relayauth.policy.adapter.kafka;

import dev.relayauth.common.event.IdentityState.Status;
import dev.relayauth.policy.domain.decision.Agent;
import dev.relayauth.policy.domain.search.AgentDirectory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import org.jspecify.annotations.Nullable;

/**
 * The identities of each organisation in the order of their ids, and by the names that peers gave
 * them. One thread writes, any number read.
 */
final class AgentNames {
  private final Map<String, NavigableSet<String>> idsByOrg = new ConcurrentHashMap<>();
  private final Map<String, Set<String>> idsByExternalId = new ConcurrentHashMap<>();

  /** Follows an identity from what it was to what it is; null where it isn't. */
  void change(@Nullable Agent before, @Nullable Agent after) {
    if (before != null) {
      externalId(before).ifPresent(name -> forget(key(before, name), before.id()));
      ids(before).remove(before.id());
    }
    if (after != null && after.state().status() != Status.deleted) {
      ids(after).add(after.id());
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

  List<String> idsAfter(String org, String after, int limit) {
    List<String> ids = new ArrayList<>();
    for (String id :
        idsByOrg.getOrDefault(org, new ConcurrentSkipListSet<>()).tailSet(after, false)) {
      ids.add(id);
      if (ids.size() == limit) {
        break;
      }
    }
    return ids;
  }

  private NavigableSet<String> ids(Agent agent) {
    return idsByOrg.computeIfAbsent(agent.state().orgId(), org -> new ConcurrentSkipListSet<>());
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

  private static Optional<String> externalId(Agent agent) {
    return Optional.ofNullable(agent.state().metadata().get(AgentDirectory.EXTERNAL_ID));
  }

  private static String key(Agent agent, String externalId) {
    return agent.state().orgId() + "/" + externalId;
  }
}
