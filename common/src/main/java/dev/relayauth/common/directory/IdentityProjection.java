package dev.relayauth.common.directory;

import dev.relayauth.common.event.CloudEvent;
import dev.relayauth.common.event.EntityKind;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.event.Topics;
import dev.relayauth.common.json.Json;
import dev.relayauth.common.projection.FeedHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Identities from the identity topic. A service that needs them makes one a bean. */
public final class IdentityProjection implements FeedHandler, IdentityDirectory {
  private final IdentityTable identities = new IdentityTable();

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
      identities.remove(event.key());
    } else {
      identities.put(Json.read(data, IdentityState.class));
    }
  }

  @Override
  public Optional<IdentityState> find(String org, String id) {
    return state(org, id).filter(state -> state.status() != IdentityState.Status.deleted);
  }

  @Override
  public Optional<List<IdentityState>> chain(String org, String id) {
    Optional<IdentityState> self = find(org, id);
    if (self.isEmpty()) {
      return Optional.empty();
    }
    List<String> ids = self.get().sponsorChain();
    List<IdentityState> chain = new ArrayList<>(ids.size());
    for (String ancestor : ids.subList(1, ids.size() - 1)) {
      // A deleted ancestor stays in the chain: whoever asks must see that it is gone.
      Optional<IdentityState> state = state(org, ancestor);
      if (state.isEmpty()) {
        return Optional.empty();
      }
      chain.add(state.get());
    }
    chain.add(self.get());
    return Optional.of(List.copyOf(chain));
  }

  private Optional<IdentityState> state(String org, String id) {
    return identities.find(org, id).map(packed -> packed.unpack(org, id));
  }
}
