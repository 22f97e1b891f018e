package dev.relayauth.identity.domain.configuration;

import dev.relayauth.identity.domain.configuration.Change.Edit;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which members differ. What the wanted side doesn't name is left as it is. */
final class Differences {
  /** Members whose order means nothing. */
  private static final Set<String> SETS = Set.of("scopes", "roles");

  private Differences() {}

  static Map<String, Edit> between(
      Map<String, ? extends @Nullable Object> present,
      Map<String, ? extends @Nullable Object> wanted) {
    Map<String, Edit> result = new LinkedHashMap<>();
    wanted.forEach(
        (member, value) -> {
          Object old = present.get(member);
          if (!Objects.equals(normal(member, old), normal(member, value))) {
            result.put(member, new Edit(old, value));
          }
        });
    return result;
  }

  private static @Nullable Object normal(String member, @Nullable Object value) {
    return switch (value) {
      case null -> SETS.contains(member) ? List.of() : null;
      case Number number -> new BigDecimal(number.toString()).stripTrailingZeros();
      case Collection<?> items when SETS.contains(member) ->
          items.stream().map(String::valueOf).distinct().sorted().toList();
      case Collection<?> items -> items.stream().map(item -> normal("", item)).toList();
      case Map<?, ?> members -> normalMembers(members);
      default -> value;
    };
  }

  private static Map<String, @Nullable Object> normalMembers(Map<?, ?> members) {
    Map<String, @Nullable Object> result = new LinkedHashMap<>();
    members.forEach((key, value) -> result.put(String.valueOf(key), normal("", value)));
    return result;
  }
}
