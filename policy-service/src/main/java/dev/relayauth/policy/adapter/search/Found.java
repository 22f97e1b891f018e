package dev.relayauth.policy.adapter.search;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One page of what a search found.
 *
 * @param next the token of the next page; null after the last
 */
public record Found<T>(List<T> items, @Nullable String next) {
  /** Copies the items. */
  public Found {
    items = List.copyOf(items);
  }

  /** The page after {@code key} of a whole list that is in the order of its keys. */
  static <T> Found<T> page(
      List<T> all, Function<T, String> keyOf, String key, int limit, String question) {
    List<T> rest = all.stream().filter(item -> keyOf.apply(item).compareTo(key) > 0).toList();
    return rest.size() <= limit
        ? new Found<>(rest, null)
        : new Found<>(
            rest.subList(0, limit), PageToken.of(question, keyOf.apply(rest.get(limit - 1))));
  }
}
