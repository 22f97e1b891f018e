package dev.relayauth.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Members of a request, without those that were not said. */
final class Body {
  private final Map<String, Object> members = new LinkedHashMap<>();

  Body with(String name, @Nullable Object value) {
    if (value != null) {
      members.put(name, value);
    }
    return this;
  }

  Map<String, Object> toMap() {
    return members;
  }
}
