package dev.relayauth.revocation.domain.entry;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The agent that a revocation acts on, as far as it is known.
 *
 * @param sponsorChain first the human, last the agent; empty when unknown
 */
public record Subject(
    @Nullable String identityId, List<String> sponsorChain, @Nullable String workspaceId) {
  /** Copies the chain. */
  public Subject {
    sponsorChain = List.copyOf(sponsorChain);
  }

  /** No particular agent. */
  public static Subject none() {
    return new Subject(null, List.of(), null);
  }
}
