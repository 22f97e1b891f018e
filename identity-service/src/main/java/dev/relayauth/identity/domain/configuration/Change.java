package dev.relayauth.identity.domain.configuration;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What applying a configuration does to one thing.
 *
 * @param name the stable name that the file and what exists have in common
 * @param id what exists under that name; null when nothing does yet
 * @param diff the members that change
 */
public record Change(
    Kind kind, String name, @Nullable String id, Action action, Map<String, Edit> diff) {

  /** Copies the diff, in its order. */
  public Change {
    diff = Collections.unmodifiableMap(new LinkedHashMap<>(diff));
  }

  /** What is done; spelled as on the wire. */
  public enum Action {
    create,
    update,
    unchanged,
    delete
  }

  /** A member's value before and after; null for none. */
  public record Edit(@Nullable Object from, @Nullable Object to) {}

  /** The change that turns what exists, or nothing, into what is wanted. */
  public static Change of(
      Kind kind,
      String name,
      @Nullable String id,
      Map<String, ? extends @Nullable Object> present,
      Map<String, ? extends @Nullable Object> wanted) {
    Map<String, Edit> diff = Differences.between(present, wanted);
    Action action = id == null ? Action.create : diff.isEmpty() ? Action.unchanged : Action.update;
    return new Change(kind, name, id, action, diff);
  }
}
