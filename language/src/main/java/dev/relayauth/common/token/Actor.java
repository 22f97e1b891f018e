package dev.relayauth.common.token;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who acts for the subject (RFC 8693 §4.1).
 *
 * @param sub the actor's id
 * @param sponsorChain the actor's own chain, the human first
 * @param act the actor before this one
 */
public record Actor(String sub, List<String> sponsorChain, @Nullable Actor act) {
  /** Copies the chain. */
  public Actor {
    sponsorChain = List.copyOf(sponsorChain);
  }
}
