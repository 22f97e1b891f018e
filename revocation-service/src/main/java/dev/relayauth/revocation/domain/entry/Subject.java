package dev.relayauth.revocation.domain.entry;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The agent that a revocation acts on, as far as it is known.
 *
 * @param sponsorChain first the human, last the agent; empty when unknown
 * @param lastEnd when the last token that its target can have expires, for a token or session
 */
public record Subject(
    @Nullable String identityId,
    List<String> sponsorChain,
    @Nullable String workspaceId,
    @Nullable Instant lastEnd) {
  /** Copies the chain. */
  public Subject {
    sponsorChain = List.copyOf(sponsorChain);
  }

  /** An agent whose tokens have no end that is known. */
  public Subject(
      @Nullable String identityId, List<String> sponsorChain, @Nullable String workspaceId) {
    this(identityId, sponsorChain, workspaceId, null);
  }

  /** Who loses access: the last of the chain, or the target itself where there is none. */
  public String owner(Target target) {
    return sponsorChain.isEmpty() ? target.id() : sponsorChain.getLast();
  }

  /** No particular agent. */
  public static Subject none() {
    return new Subject(null, List.of(), null);
  }
}
