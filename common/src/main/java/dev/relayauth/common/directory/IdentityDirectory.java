package dev.relayauth.common.directory;

import dev.relayauth.common.event.IdentityState;
import java.util.List;
import java.util.Optional;

/** What a service knows of identities, from memory. */
public interface IdentityDirectory {
  /** The identity, when the projection knows it; a deleted one is not there. */
  Optional<IdentityState> find(String org, String id);

  /**
   * The identity after its ancestors, the topmost agent first; empty when the projection doesn't
   * know one of them. The human at the top of the chain is not an identity.
   */
  Optional<List<IdentityState>> chain(String org, String id);
}
