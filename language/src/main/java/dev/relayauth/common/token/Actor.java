package dev.relayauth.common.token;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
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

  /** The ids of those who act, without who stands above them: this one, then those before it. */
  public List<String> subjects() {
    return Stream.iterate(this, Objects::nonNull, Actor::act).map(Actor::sub).toList();
  }

  /** The ids of all who act: this actor, those before it, and the agents above each of them. */
  public List<String> ids() {
    return gather(1);
  }

  /** The same with the humans who answer for them: everybody whose end is this delegation's end. */
  public List<String> people() {
    return gather(0);
  }

  private List<String> gather(int humans) {
    Set<String> ids = new LinkedHashSet<>();
    for (Actor actor = this; actor != null; actor = actor.act()) {
      ids.add(actor.sub());
      actor.sponsorChain().stream().skip(humans).forEach(ids::add);
    }
    return List.copyOf(ids);
  }
}
