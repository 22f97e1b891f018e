package dev.relayauth.audit.adapter.kafka;

import dev.relayauth.audit.domain.activity.Agent;
import dev.relayauth.audit.domain.activity.Agents;
import dev.relayauth.common.event.BudgetLimits;
import dev.relayauth.common.event.CloudEvent;
import dev.relayauth.common.event.EntityKind;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.event.Topics;
import dev.relayauth.common.internal.InternalClient;
import dev.relayauth.common.json.Json;
import dev.relayauth.common.projection.FeedHandler;
import jakarta.inject.Singleton;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Agents from the identity topic; one that has not arrived yet is asked for. */
@Singleton
public final class AgentProjection implements FeedHandler, Agents {
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,128}");

  private final InternalClient client;
  private final Map<String, Known> byKey = new ConcurrentHashMap<>();
  private final Map<String, Set<String>> childrenOf = new ConcurrentHashMap<>();
  private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();

  AgentProjection(InternalClient client) {
    this.client = client;
  }

  private record Known(Agent agent, long revision) {}

  private record Chain(List<IdentityState> chain) {}

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
      forget(byKey.remove(event.key()));
      return;
    }
    IdentityState state = Json.read(data, IdentityState.class);
    Known known = byKey.get(event.key());
    if (known == null || known.revision() <= state.revision()) {
      forget(known);
      learn(event.key(), new Known(agent(state), state.revision()));
    }
  }

  @Override
  public Optional<Agent> find(String org, String id) {
    Known known = byKey.get(EntityKind.IDENTITY.key(org, id));
    return known == null ? ask(org, id) : Optional.of(known.agent());
  }

  @Override
  public List<Agent> children(String org, String id) {
    return childrenOf.getOrDefault(key(org, id), Set.of()).stream()
        .flatMap(child -> Stream.ofNullable(byKey.get(EntityKind.IDENTITY.key(org, child))))
        .map(Known::agent)
        .sorted(Comparator.comparing(Agent::name).thenComparing(Agent::id))
        .toList();
  }

  @Override
  public long count(String org, String status) {
    LongAdder count = counts.get(key(org, status));
    return count == null ? 0 : count.sum();
  }

  private void learn(String key, Known added) {
    Agent agent = added.agent();
    byKey.put(key, added);
    counts.computeIfAbsent(key(agent.org(), agent.status()), k -> new LongAdder()).increment();
    if (!agent.parentId().isEmpty()) {
      childrenOf
          .computeIfAbsent(key(agent.org(), agent.parentId()), k -> ConcurrentHashMap.newKeySet())
          .add(agent.id());
    }
  }

  private void forget(@Nullable Known known) {
    if (known != null) {
      Agent agent = known.agent();
      counts.computeIfPresent(key(agent.org(), agent.status()), AgentProjection::less);
      childrenOf.computeIfPresent(
          key(agent.org(), agent.parentId()), (parent, children) -> without(children, agent.id()));
    }
  }

  private static LongAdder less(String key, LongAdder count) {
    count.decrement();
    return count;
  }

  private static @Nullable Set<String> without(Set<String> children, String id) {
    children.remove(id);
    return children.isEmpty() ? null : children;
  }

  private Optional<Agent> ask(String org, String id) {
    if (!ID.matcher(id).matches()) {
      return Optional.empty();
    }
    String path = "/internal/v1/identities/" + org + "/" + id + "/chain";
    return client
        .await(client.get("identity", path))
        .found("identity")
        .map(body -> agent(Json.read(body, Chain.class).chain().getLast()));
  }

  private static Agent agent(IdentityState state) {
    return new Agent(
        state.orgId(),
        state.id(),
        state.name(),
        state.status().name(),
        state.sponsorChain(),
        caps(state.budget()));
  }

  private static Agent.@Nullable Caps caps(@Nullable BudgetLimits budget) {
    return budget == null
        ? null
        : new Agent.Caps(budget.maxActionsPerHour(), budget.maxCostPerDay());
  }

  private static String key(String org, String rest) {
    return org + "/" + rest;
  }
}
