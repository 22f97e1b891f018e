package dev.relayauth.token.adapter.kafka;

import dev.relayauth.common.event.CloudEvent;
import dev.relayauth.common.event.EntityKind;
import dev.relayauth.common.event.PolicyState;
import dev.relayauth.common.event.Topics;
import dev.relayauth.common.json.Json;
import dev.relayauth.common.projection.FeedHandler;
import dev.relayauth.common.scope.ScopeSet;
import dev.relayauth.token.domain.issuing.DenyCondition;
import dev.relayauth.token.domain.issuing.DenyRule;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/** Deny policies, from the policy topic. */
@Singleton
public final class DenyPolicies implements FeedHandler {
  private final Map<String, Map<String, Known>> byOrg = new ConcurrentHashMap<>();

  private record Known(long revision, List<DenyRule> rules) {}

  @Override
  public String topic() {
    return Topics.POLICY;
  }

  @Override
  public void apply(CloudEvent event) {
    if (!EntityKind.POLICY.owns(event.key())) {
      return;
    }
    byte[] data = event.data();
    String org = event.key().substring(0, event.key().indexOf('/'));
    Map<String, Known> known = byOrg.computeIfAbsent(org, key -> new ConcurrentHashMap<>());
    if (data == null) {
      known.remove(event.key());
      return;
    }
    PolicyState state = Json.read(data, PolicyState.class);
    known.merge(
        event.key(),
        new Known(state.revision(), rules(state)),
        (old, now) -> now.revision() >= old.revision() ? now : old);
  }

  /** The rules of an organisation. */
  public List<DenyRule> of(String org) {
    Map<String, Known> known = byOrg.get(org);
    return known == null
        ? List.of()
        : known.values().stream().map(Known::rules).flatMap(Collection::stream).toList();
  }

  /** A scope of a deny that can't be read stops the feed: it must not be skipped. */
  private static List<DenyRule> rules(PolicyState policy) {
    boolean applies = !policy.deleted() && policy.effect() == PolicyState.Effect.deny;
    return applies
        ? List.of(
            new DenyRule(
                policy.id(),
                ScopeSet.of(policy.scopes()),
                policy.workspaceId(),
                policy.identityId(),
                policy.conditions().stream().map(DenyPolicies::condition).toList()))
        : List.of();
  }

  private static DenyCondition condition(PolicyState.Condition written) {
    return new DenyCondition(
        written.type(),
        written.operator(),
        written.value() instanceof List<?> several
            ? several.stream().filter(Objects::nonNull).<Object>map(value -> value).toList()
            : List.of(written.value()));
  }
}
