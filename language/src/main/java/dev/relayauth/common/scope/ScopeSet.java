package dev.relayauth.common.scope;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An immutable, ordered set of at most {@value #MAX_SIZE} scopes. A question looks only at scopes
 * of the plane and resource asked about.
 */
public final class ScopeSet {
  /** Most scopes in one set. */
  public static final int MAX_SIZE = 1000;

  private static final ScopeSet EMPTY = new ScopeSet(List.of());

  private final List<Scope> scopes;
  private final Map<String, Map<String, List<Scope>>> index;

  private ScopeSet(List<Scope> scopes) {
    this.scopes = scopes;
    this.index = index(scopes);
  }

  private static Map<String, Map<String, List<Scope>>> index(List<Scope> scopes) {
    Map<String, Map<String, List<Scope>>> index = new HashMap<>();
    for (Scope scope : scopes) {
      index
          .computeIfAbsent(scope.plane(), p -> new HashMap<>())
          .computeIfAbsent(scope.resource(), r -> new ArrayList<>(2))
          .add(scope);
    }
    return index;
  }

  /** The set that covers nothing. */
  public static ScopeSet empty() {
    return EMPTY;
  }

  /**
   * Reads each scope; duplicates count once.
   *
   * @throws InvalidScopeException for the first invalid one, or when there are too many
   */
  public static ScopeSet of(Collection<String> texts) {
    LinkedHashSet<Scope> distinct = new LinkedHashSet<>();
    for (String text : texts) {
      distinct.add(Scope.parse(text));
      if (distinct.size() > MAX_SIZE) {
        throw new InvalidScopeException(text, "more than " + MAX_SIZE + " scopes");
      }
    }
    return ofDistinct(distinct);
  }

  /**
   * Reads grants already stored: an invalid one is skipped and disables no other; those after the
   * first {@value #MAX_SIZE} are dropped. Meant for what allows, never for what denies.
   */
  public static ScopeSet lenient(Collection<String> texts) {
    LinkedHashSet<Scope> distinct = new LinkedHashSet<>();
    for (String text : texts) {
      if (distinct.size() == MAX_SIZE) {
        break;
      }
      try {
        distinct.add(Scope.parse(text));
      } catch (InvalidScopeException skipped) {
        continue;
      }
    }
    return ofDistinct(distinct);
  }

  /**
   * The set of these scopes.
   *
   * @throws IllegalArgumentException when there are too many
   */
  public static ScopeSet ofScopes(Collection<Scope> scopes) {
    LinkedHashSet<Scope> distinct = new LinkedHashSet<>(scopes);
    if (distinct.size() > MAX_SIZE) {
      throw new IllegalArgumentException("more than " + MAX_SIZE + " scopes");
    }
    return ofDistinct(distinct);
  }

  private static ScopeSet ofDistinct(Set<Scope> distinct) {
    return distinct.isEmpty() ? EMPTY : new ScopeSet(List.copyOf(distinct));
  }

  /** Whether one scope of this set covers {@code requested}. */
  public boolean covers(Scope requested) {
    return find(requested) != null;
  }

  /** The scope of this set that covers {@code requested}, the most specific plane first. */
  public Optional<Scope> coveringGrant(Scope requested) {
    return Optional.ofNullable(find(requested));
  }

  private @Nullable Scope find(Scope requested) {
    Scope found = findIn(requested.plane(), requested);
    return found != null || requested.plane().equals("*") ? found : findIn("*", requested);
  }

  private @Nullable Scope findIn(String plane, Scope requested) {
    Map<String, List<Scope>> resources = index.get(plane);
    if (resources == null) {
      return null;
    }
    Scope found = first(resources.get(requested.resource()), requested);
    return found != null || requested.resource().equals("*")
        ? found
        : first(resources.get("*"), requested);
  }

  private static @Nullable Scope first(@Nullable List<Scope> candidates, Scope requested) {
    if (candidates != null) {
      for (Scope candidate : candidates) {
        if (candidate.covers(requested)) {
          return candidate;
        }
      }
    }
    return null;
  }

  /** The first scope of {@code requested} that no scope of this set covers. */
  public Optional<Scope> firstNotCovered(ScopeSet requested) {
    for (Scope scope : requested.scopes) {
      if (!covers(scope)) {
        return Optional.of(scope);
      }
    }
    return Optional.empty();
  }

  /** Whether each scope of this set is covered by one of {@code other}. */
  public boolean isSubsetOf(ScopeSet other) {
    return other.firstNotCovered(this).isEmpty();
  }

  /**
   * What both sets allow: a scope is covered by the result exactly when both cover it. Should the
   * result be larger than {@value #MAX_SIZE}, it is cut, which only ever allows less.
   */
  public ScopeSet intersection(ScopeSet other) {
    LinkedHashSet<Scope> met = new LinkedHashSet<>();
    for (Scope mine : scopes) {
      if (other.covers(mine)) {
        met.add(mine);
      } else {
        other.scopes.forEach(theirs -> mine.meet(theirs).ifPresent(met::add));
      }
      if (met.size() > MAX_SIZE) {
        break;
      }
    }
    return ofScopes(met.stream().limit(MAX_SIZE).toList());
  }

  /** The planes named, in order; {@code *} among them when a scope has it. */
  public Set<String> planes() {
    LinkedHashSet<String> planes = new LinkedHashSet<>();
    scopes.forEach(scope -> planes.add(scope.plane()));
    return planes;
  }

  public boolean isEmpty() {
    return scopes.isEmpty();
  }

  public int size() {
    return scopes.size();
  }

  public Stream<Scope> stream() {
    return scopes.stream();
  }

  /** The scopes as written, in order, without duplicates. */
  public List<String> toList() {
    return scopes.stream().map(Scope::raw).toList();
  }

  /** Same scopes, whatever the order. */
  @Override
  public boolean equals(Object o) {
    return o instanceof ScopeSet other && Set.copyOf(scopes).equals(Set.copyOf(other.scopes));
  }

  @Override
  public int hashCode() {
    return Set.copyOf(scopes).hashCode();
  }

  @Override
  public String toString() {
    return toList().toString();
  }
}
