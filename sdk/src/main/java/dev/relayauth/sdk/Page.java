package dev.relayauth.sdk;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A page of a list, newest first.
 *
 * @param cursor what to ask the next page with; null on the last
 */
public record Page<T>(
    @JsonProperty("data") @JsonAlias("entries") List<T> items,
    @JsonAlias("nextCursor") @Nullable String cursor) {
  public Page {
    items = items == null ? List.of() : List.copyOf(items);
  }

  /** What to ask the next page with. */
  public Optional<String> next() {
    return Optional.ofNullable(cursor);
  }
}
