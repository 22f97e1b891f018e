package dev.relayauth.policy.adapter.authzen;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A subject or a resource as a peer sends it (Authorization API 1.0 §5.1, §5.2). */
record Entity(
    @Nullable String type,
    @Nullable String id,
    @Nullable Map<String, @Nullable Object> properties) {
  /** A property that is text; null when it isn't there. */
  @Nullable String text(String name) {
    return properties != null && properties.get(name) instanceof String text ? text : null;
  }

  /** Whether there is a property of that name that is not text. */
  boolean isNotText(String name) {
    return properties != null && properties.get(name) != null && text(name) == null;
  }

  /** Never the properties: a token may be one of them. */
  @Override
  public String toString() {
    return "Entity[" + type + ", " + id + "]";
  }
}
