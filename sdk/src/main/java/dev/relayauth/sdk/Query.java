package dev.relayauth.sdk;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** A path with a query. */
final class Query {
  private final String path;
  private final StringJoiner members = new StringJoiner("&");

  Query(String path) {
    this.path = path;
  }

  Query with(String name, @Nullable Object value) {
    if (value != null) {
      members.add(name + "=" + encode(value.toString()));
    }
    return this;
  }

  static String encode(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /**
   * An id as one segment of a path.
   *
   * @throws IllegalArgumentException when it would name another route: the collection, or its
   *     parent
   */
  static String segment(String id) {
    if (id.isBlank() || id.equals(".") || id.equals("..")) {
      throw new IllegalArgumentException("an id is needed");
    }
    return encode(id);
  }

  @Override
  public String toString() {
    return members.length() == 0 ? path : path + "?" + members;
  }
}
