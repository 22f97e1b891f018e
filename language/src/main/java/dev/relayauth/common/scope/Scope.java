package dev.relayauth.common.scope;

import java.util.Optional;
import java.util.Set;

/**
 * A permission {@code plane:resource:action[:path]}, immutable and always valid.
 *
 * <p>Two scopes are equal when they mean the same: {@code a:b:c} equals {@code a:b:c:*}, and {@code
 * *} equals {@code *:*:*}. Each still prints the form it was written in.
 */
public final class Scope {
  /** Longest accepted text. */
  public static final int MAX_LENGTH = 512;

  private static final String ANY = "*";
  private static final String MANAGE = "manage";
  private static final Set<String> MANAGED = Set.of("read", "write", "create", "delete");

  private final String plane;
  private final String resource;
  private final String action;
  private final ScopePath path;
  private final String raw;

  private Scope(String plane, String resource, String action, ScopePath path, String raw) {
    this.plane = plane;
    this.resource = resource;
    this.action = action;
    this.path = path;
    this.raw = raw;
  }

  /**
   * Reads a scope. Repeated slashes of an absolute path are collapsed, nothing else is repaired.
   *
   * @throws InvalidScopeException for any text outside the grammar
   */
  public static Scope parse(String text) {
    if (text.length() > MAX_LENGTH) {
      throw new InvalidScopeException(text, "longer than " + MAX_LENGTH + " characters");
    }
    if (text.equals(ANY)) {
      return new Scope(ANY, ANY, ANY, ScopePath.any(), ANY);
    }
    String[] parts = text.split(":", -1);
    if (parts.length < 3 || parts.length > 4) {
      throw new InvalidScopeException(text, "expected plane:resource:action[:path]");
    }
    return ofParts(text, parts);
  }

  private static Scope ofParts(String text, String[] parts) {
    requireName(text, parts[0], "plane");
    requireName(text, parts[1], "resource");
    requireName(text, parts[2], "action");
    if (parts.length == 3) {
      return new Scope(parts[0], parts[1], parts[2], ScopePath.any(), text);
    }
    ScopePath path = ScopePath.parse(text, parts[3]);
    if (isFile(parts[0], parts[1]) && !path.isAnyOrAbsolute()) {
      throw new InvalidScopeException(text, "a relayfile:fs path is * or absolute");
    }
    String raw =
        path.text().equals(parts[3])
            ? text
            : parts[0] + ":" + parts[1] + ":" + parts[2] + ":" + path.text();
    return new Scope(parts[0], parts[1], parts[2], path, raw);
  }

  private static void requireName(String scope, String name, String what) {
    if (!name.equals(ANY) && !isName(name)) {
      throw new InvalidScopeException(
          scope, what + " must be * or lower-case letters, digits and hyphens");
    }
  }

  private static boolean isName(String name) {
    if (name.isEmpty() || name.charAt(0) < 'a' || name.charAt(0) > 'z') {
      return false;
    }
    for (int at = 1; at < name.length(); at++) {
      char c = name.charAt(at);
      if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-') {
        return false;
      }
    }
    return true;
  }

  private static boolean isFile(String plane, String resource) {
    return plane.equals("relayfile") && resource.equals("fs");
  }

  /**
   * Whether holding this scope is enough for {@code requested}. Wildcards of the request are
   * literals: only a scope at least as broad covers them.
   */
  public boolean covers(Scope requested) {
    return segmentCovers(plane, requested.plane)
        && segmentCovers(resource, requested.resource)
        && actionCovers(action, requested.action)
        && path.covers(requested.path);
  }

  /**
   * The broadest scope that both cover, or empty when nothing is covered by both. A scope is
   * covered by the result exactly when it is covered by this and by {@code other}.
   */
  public Optional<Scope> meet(Scope other) {
    String meetPlane = narrower(plane, other.plane, segmentCovers(plane, other.plane));
    String meetResource =
        narrower(resource, other.resource, segmentCovers(resource, other.resource));
    String meetAction = narrower(action, other.action, actionCovers(action, other.action));
    ScopePath meetPath = path.covers(other.path) ? other.path : path;
    boolean exists =
        segmentCovers(other.plane, meetPlane)
            && segmentCovers(other.resource, meetResource)
            && actionCovers(other.action, meetAction)
            && other.path.covers(meetPath)
            && (!isFile(meetPlane, meetResource) || meetPath.isAnyOrAbsolute());
    return exists
        ? Optional.of(met(meetPlane, meetResource, meetAction, meetPath, other))
        : Optional.empty();
  }

  private Scope met(String p, String r, String a, ScopePath at, Scope other) {
    String text = p + ":" + r + ":" + a + (at.isAny() ? "" : ":" + at.text());
    Scope scope = new Scope(p, r, a, at, text);
    return scope.equals(this) ? this : scope.equals(other) ? other : scope;
  }

  private static String narrower(String mine, String theirs, boolean mineCovers) {
    return mineCovers ? theirs : mine;
  }

  private static boolean segmentCovers(String granted, String requested) {
    return granted.equals(ANY) || granted.equals(requested);
  }

  private static boolean actionCovers(String granted, String requested) {
    return segmentCovers(granted, requested)
        || (granted.equals(MANAGE) && MANAGED.contains(requested));
  }

  public String plane() {
    return plane;
  }

  public String resource() {
    return resource;
  }

  public String action() {
    return action;
  }

  /** The path, {@code *} when none was written. */
  public String path() {
    return path.text();
  }

  /** The text this scope was read from, with its path normalised; {@link #parse} reads it back. */
  public String raw() {
    return raw;
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Scope s
        && plane.equals(s.plane)
        && resource.equals(s.resource)
        && action.equals(s.action)
        && path.equals(s.path);
  }

  @Override
  public int hashCode() {
    return ((plane.hashCode() * 31 + resource.hashCode()) * 31 + action.hashCode()) * 31
        + path.hashCode();
  }

  /** Same as {@link #raw()}. */
  @Override
  public String toString() {
    return raw;
  }
}
