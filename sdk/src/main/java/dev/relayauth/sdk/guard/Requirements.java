package dev.relayauth.sdk.guard;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The scope that a route requires. JAX-RS takes what makes a method a route from what the method
 * overrides or implements (Jakarta REST 3.1 §3.6), so the scope is looked for in the same places.
 */
final class Requirements {
  private Requirements() {}

  /**
   * What the method requires, else what its class does. Of several declarations one that overrides
   * the others counts, and a class before an interface.
   *
   * @throws IllegalStateException when interfaces that don't extend one another require different
   *     scopes: nobody can know which was meant
   */
  static Optional<String> of(Class<?> resource, Method method) {
    Supertypes supertypes = new Supertypes(resource);
    return nearest(supertypes.types(), type -> supertypes.declarations(type, method))
        .or(() -> nearest(supertypes.types(), List::of));
  }

  private static Optional<String> nearest(
      Set<Class<?>> types, Function<Class<?>, List<? extends AnnotatedElement>> places) {
    Map<Class<?>, Set<String>> found = new LinkedHashMap<>();
    types.forEach(type -> found.put(type, scopes(places.apply(type))));
    found.values().removeIf(Set::isEmpty);

    Map<Class<?>, Set<String>> inForce = new LinkedHashMap<>(found);
    inForce.keySet().removeIf(type -> found.keySet().stream().anyMatch(by -> overrides(by, type)));
    List<String> scopes = inForce.values().stream().flatMap(Set::stream).distinct().toList();
    if (scopes.size() > 1) {
      throw new IllegalStateException(
          inForce.keySet() + " require different scopes of one route: " + scopes);
    }
    return scopes.stream().findFirst();
  }

  private static boolean overrides(Class<?> one, Class<?> other) {
    return !one.equals(other)
        && (other.isAssignableFrom(one) || (!one.isInterface() && other.isInterface()));
  }

  private static Set<String> scopes(List<? extends AnnotatedElement> places) {
    return places.stream()
        .map(place -> place.getDeclaredAnnotation(RequiresScope.class))
        .filter(Objects::nonNull)
        .map(RequiresScope::value)
        .collect(Collectors.toSet());
  }
}
