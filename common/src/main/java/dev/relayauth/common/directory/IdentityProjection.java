package dev.relayauth.common.directory;

import dev.relayauth.common.event.EntityKind;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.event.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Identities from the identity topic. A service that needs them makes one a bean. */
public final class IdentityProjection extends StateProjection<IdentityState>
    implements IdentityDirectory {
  public IdentityProjection() {
    super(Topics.IDENTITY, EntityKind.IDENTITY, IdentityState.class, IdentityState::revision);
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
    for (String ancestor : ids.subList(1, ids.size())) {
      // A deleted ancestor stays in the chain: whoever asks must see that it is gone.
      Optional<IdentityState> state = state(org, ancestor);
      if (state.isEmpty()) {
        return Optional.empty();
      }
      chain.add(state.get());
    }
    return Optional.of(List.copyOf(chain));
  }
}
