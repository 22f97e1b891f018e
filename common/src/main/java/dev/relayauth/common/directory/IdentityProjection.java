package dev.relayauth.common.directory;

import dev.relayauth.common.event.CloudEvent;
import dev.relayauth.common.event.EntityKind;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.event.Topics;
import dev.relayauth.common.json.Json;
import dev.relayauth.common.projection.FeedHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Identities from the identity topic. A service that needs them makes one a bean. */
public final class IdentityProjection implements FeedHandler, IdentityDirectory {
  private final Map<String, IdentityState> byKey = new ConcurrentHashMap<>();

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
      byKey.remove(event.key());
      return;
    }
    IdentityState state = Json.read(data, IdentityState.class);
    byKey.merge(event.key(), state, (old, now) -> now.revision() >= old.revision() ? now : old);
  }

  @Override
  public Optional<IdentityState> find(String org, String id) {
    return Optional.ofNullable(byKey.get(EntityKind.IDENTITY.key(org, id)))
        .filter(state -> state.status() != IdentityState.Status.deleted);
  }

  @Override
  public Optional<List<IdentityState>> chain(String org, String id) {
    Optional<IdentityState> self = find(org, id);
    if (self.isEmpty()) {
      return Optional.empty();
    }
    List<String> ids = self.get().sponsorChain();
    List<IdentityState> chain = new ArrayList<>(ids.size());
    for (String ancestor : ids.subList(1, ids.size())) {
      // A deleted ancestor stays in the chain: whoever asks must see that it is gone.
      IdentityState state = byKey.get(EntityKind.IDENTITY.key(org, ancestor));
      if (state == null) {
        return Optional.empty();
      }
      chain.add(state);
    }
    return Optional.of(List.copyOf(chain));
  }

  /** How many identities it holds. */
  public int size() {
    return byKey.size();
  }
}
