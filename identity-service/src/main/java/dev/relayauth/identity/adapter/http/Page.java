package dev.relayauth.identity.adapter.http;

import dev.relayauth.common.http.Cursor;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One page of a list that is newest first. */
public record Page<T>(List<T> data, @Nullable String cursor) {
  /**
   * A page from rows of which there is one more than {@code limit} when another page follows; its
   * cursor is for {@code list} only.
   */
  static <R, T> Page<T> of(
      List<R> rows, int limit, String list, Function<R, T> view, Function<R, Cursor> cursor) {
    boolean more = rows.size() > limit;
    List<R> shown = more ? rows.subList(0, limit) : rows;
    return new Page<>(
        shown.stream().map(view).toList(),
        more ? cursor.apply(shown.getLast()).encode(list) : null);
  }
}
