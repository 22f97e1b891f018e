package dev.relayauth.policy.adapter.http;

import dev.relayauth.common.http.Cursor;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A page of a list that is newest first; {@code cursor} leads to the next when there is one. */
record Page<T>(List<T> data, @Nullable String cursor) {
  /** The page of at most {@code limit} of what was found, which is one more when there is more. */
  static <S, T> Page<T> of(
      List<S> found, int limit, Function<S, T> view, Function<S, Cursor> place) {
    List<T> data = found.stream().limit(limit).map(view).toList();
    return found.size() > limit
        ? new Page<>(data, place.apply(found.get(limit - 1)).encode())
        : new Page<>(data, null);
  }
}
