package dev.relayauth.policy.domain.decision;

import dev.relayauth.common.scope.Scope;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Rules by the plane, resource and path of their scopes. A request without wildcards looks at four
 * pairs of plane and resource, whatever the number of others.
 */
final class ScopeTable {
  private static final String ANY = "*";

  private final Map<String, Map<String, PathTable>> byPlane;

  private ScopeTable(Map<String, Map<String, PathTable>> byPlane) {
    this.byPlane = byPlane;
  }

  static ScopeTable of(Collection<Rule> rules) {
    Map<String, Map<String, List<PathTable.Entry>>> sorted = new HashMap<>();
    for (Rule rule : rules) {
      for (Scope scope : rule.scopes()) {
        sorted
            .computeIfAbsent(scope.plane(), plane -> new HashMap<>())
            .computeIfAbsent(scope.resource(), resource -> new ArrayList<>())
            .add(new PathTable.Entry(scope, rule));
      }
    }
    Map<String, Map<String, PathTable>> table = new HashMap<>();
    sorted.forEach(
        (plane, resources) -> {
          Map<String, PathTable> paths = new HashMap<>();
          resources.forEach((resource, entries) -> paths.put(resource, PathTable.of(entries)));
          table.put(plane, Map.copyOf(paths));
        });
    return new ScopeTable(Map.copyOf(table));
  }

  /** Gives every rule with a scope that overlaps {@code requested}; perhaps one of them twice. */
  void overlapping(Scope requested, Consumer<Rule> found) {
    if (requested.plane().equals(ANY)) {
      byPlane.values().forEach(resources -> inPlane(resources, requested, found));
      return;
    }
    inPlane(byPlane.get(requested.plane()), requested, found);
    inPlane(byPlane.get(ANY), requested, found);
  }

  private static void inPlane(
      @Nullable Map<String, PathTable> resources, Scope requested, Consumer<Rule> found) {
    if (resources == null) {
      return;
    }
    if (requested.resource().equals(ANY)) {
      resources.values().forEach(paths -> paths.overlapping(requested, found));
      return;
    }
    inResource(resources.get(requested.resource()), requested, found);
    inResource(resources.get(ANY), requested, found);
  }

  private static void inResource(@Nullable PathTable paths, Scope requested, Consumer<Rule> found) {
    if (paths != null) {
      paths.overlapping(requested, found);
    }
  }
}
