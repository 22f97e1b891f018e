package dev.relayauth.policy.adapter.kafka;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.relayauth.common.directory.IdentityTable;
import dev.relayauth.common.directory.PackedIdentity;
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
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Identities as decisions see them, from the identity topic: all of them packed, and those of which
 * there was a question lately at hand. What is at hand is remembered under the packed identity that
 * it was made of, which no change leaves in place: it can't be older.
 */
@Singleton
public final class AgentProjection implements FeedHandler, AgentDirectory {
  private static final int AT_HAND = 16_384;

  private final IdentityTable identities = new IdentityTable();
  private final AgentNames names = new AgentNames();
  private final Cache<PackedIdentity, Agent> atHand =
      Caffeine.newBuilder().executor(Runnable::run).maximumSize(AT_HAND).build();

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
      identities.remove(event.key()).ifPresent(gone -> names.change(gone, null));
      return;
    }
    IdentityState after = Json.read(data, IdentityState.class);
    IdentityState before =
        identities
            .find(after.orgId(), after.id())
            .map(packed -> packed.unpack(after.orgId(), after.id()))
            .orElse(null);
    if (identities.put(after)) {
      names.change(before, after);
    }
  }

  @Override
  public Optional<String> byExternalId(String org, String externalId) {
    return names.byExternalId(org, externalId);
  }

  @Override
  public List<String> idsAfter(String org, String after, int limit) {
    return identities.idsAfter(org, after, limit);
  }

  /**
   * The identity after its ancestors, the topmost agent first, deleted ones included; empty when
   * one of them isn't known here yet.
   */
  @Override
  public Optional<List<Agent>> chain(String org, String id) {
    Agent self = agent(org, id);
    if (self == null) {
      return Optional.empty();
    }
    List<String> ids = self.sponsorChain();
    if (ids.size() == 2) {
      return Optional.of(List.of(self));
    }
    List<Agent> chain = new ArrayList<>(ids.size());
    for (String ancestor : ids.subList(1, ids.size() - 1)) {
      Agent agent = agent(org, ancestor);
      if (agent == null) {
        return Optional.empty();
      }
      chain.add(agent);
    }
    chain.add(self);
    return Optional.of(chain);
  }

  private @Nullable Agent agent(String org, String id) {
    PackedIdentity packed = identities.find(org, id).orElse(null);
    return packed == null ? null : atHand.get(packed, unknown -> new Agent(packed.unpack(org, id)));
  }
}
