package dev.relayauth.common.http;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A page of a list that is newest first; {@code cursor} leads to the next when there is one. */
public record Page<T>(List<T> data, @Nullable String cursor) {
  /**
   * The page of at most {@code limit} of what was found, which is one more when there is more; its
   * cursor is for {@code list} only.
   */
  public static <S, T> Page<T> of(
      List<S> found, int limit, String list, Function<S, T> view, Function<S, Cursor> place) {
    boolean more = found.size() > limit;
    List<S> shown = more ? found.subList(0, limit) : found;
    return new Page<>(
        shown.stream().map(view).toList(), more ? place.apply(shown.getLast()).encode(list) : null);
  }
}
