package dev.relayauth.policy.adapter.kafka;

import dev.relayauth.common.event.CloudEvent;
import dev.relayauth.common.event.EntityKind;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.event.Topics;
import dev.relayauth.common.json.Json;
import dev.relayauth.common.projection.FeedHandler;
import dev.relayauth.policy.domain.decision.Agent;
import dev.relayauth.policy.domain.search.AgentDirectory;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Identities as decisions see them, from the identity topic. */
@Singleton
public final class AgentProjection implements FeedHandler, AgentDirectory {
  private final Map<String, Agent> byKey = new ConcurrentHashMap<>();
  private final AgentNames names = new AgentNames();

  @Override
  public String topic() {
    return Topics.IDENTITY;
  }

  @Override
  public void apply(CloudEvent event) {
    if (!EntityKind.IDENTITY.owns(event.key())) {
      return;
    }
    byte[] data = event.data();
    if (data == null) {
      names.change(byKey.remove(event.key()), null);
      return;
    }
    Agent agent = new Agent(Json.read(data, IdentityState.class));
    Agent before = byKey.get(event.key());
    Agent after = byKey.merge(event.key(), agent, AgentProjection::newer);
    if (after == agent) {
      names.change(before, after);
    }
  }

  private static Agent newer(Agent known, Agent added) {
    return added.state().revision() >= known.state().revision() ? added : known;
  }

  @Override
  public Optional<String> byExternalId(String org, String externalId) {
    return names.byExternalId(org, externalId);
  }

  @Override
  public List<String> idsAfter(String org, String after, int limit) {
    return names.idsAfter(org, after, limit);
  }

  /**
   * The identity after its ancestors, the topmost agent first, deleted ones included; empty when
   * one of them isn't known here yet.
   */
  @Override
  public Optional<List<Agent>> chain(String org, String id) {
    Agent self = byKey.get(EntityKind.IDENTITY.key(org, id));
    if (self == null) {
      return Optional.empty();
    }
    List<String> ids = self.sponsorChain();
    if (ids.size() == 2) {
      return Optional.of(List.of(self));
    }
    List<Agent> chain = new ArrayList<>(ids.size());
    for (String ancestor : ids.subList(1, ids.size() - 1)) {
      Agent agent = byKey.get(EntityKind.IDENTITY.key(org, ancestor));
      if (agent == null) {
        return Optional.empty();
      }
      chain.add(agent);
    }
    chain.add(self);
    return Optional.of(chain);
  }
}
