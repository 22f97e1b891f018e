package dev.relayauth.policy.domain.decision;

import dev.relayauth.common.scope.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Rules of one plane and resource, by path: those with a literal or a prefix are found by it, those
 * with {@code *} or a numeric limit are always looked at.
 */
final class PathTable {
  private static final String ANY = "*";
  private static final String BELOW = "/*";

  private final List<Entry> always;
  private final NavigableMap<String, List<Entry>> byPath;

  private PathTable(List<Entry> always, NavigableMap<String, List<Entry>> byPath) {
    this.always = always;
    this.byPath = byPath;
  }

  /** One scope of one rule. */
  record Entry(Scope scope, Rule rule) {}

  static PathTable of(List<Entry> entries) {
    List<Entry> always = new ArrayList<>();
    NavigableMap<String, List<Entry>> byPath = new TreeMap<>();
    for (Entry entry : entries) {
      String path = entry.scope().path();
      if (path.equals(ANY) || isLimit(path)) {
        always.add(entry);
      } else {
        byPath.computeIfAbsent(path, p -> new ArrayList<>(1)).add(entry);
      }
    }
    byPath.replaceAll((path, found) -> List.copyOf(found));
    return new PathTable(List.copyOf(always), byPath);
  }

  void overlapping(Scope requested, Consumer<Rule> found) {
    give(always, requested, found);
    if (byPath.isEmpty()) {
      return;
    }
    String path = requested.path();
    if (path.equals(ANY) || isLimit(path)) {
      byPath.values().forEach(entries -> give(entries, requested, found));
      return;
    }
    if (path.endsWith(BELOW)) {
      String prefix = path.substring(0, path.length() - 1);
      below(prefix).forEach(entries -> give(entries, requested, found));
    } else {
      give(byPath.get(path), requested, found);
    }
    above(path, requested, found);
  }

  private Iterable<List<Entry>> below(String prefix) {
    return byPath.subMap(prefix, true, prefix + Character.MAX_VALUE, false).values();
  }

  /** Prefixes of {@code path} end where it has a slash. */
  private void above(String path, Scope requested, Consumer<Rule> found) {
    int last = path.endsWith(BELOW) ? path.length() - 2 : path.length();
    for (int slash = path.indexOf('/'); slash >= 0 && slash < last; ) {
      give(byPath.get(path.substring(0, slash) + BELOW), requested, found);
      slash = path.indexOf('/', slash + 1);
    }
  }

  private static boolean isLimit(String path) {
    return path.startsWith("<=");
  }

  private static void give(@Nullable List<Entry> entries, Scope requested, Consumer<Rule> found) {
    if (entries == null) {
      return;
    }
    for (Entry entry : entries) {
      if (entry.scope().covers(requested) || entry.scope().meet(requested).isPresent()) {
        found.accept(entry.rule());
      }
    }
  }
}
