package dev.relayauth.sdk;

import java.util.Objects;

/** A credential. Its text is never part of {@link #toString()}. */
public record Secret(String value) {
  public Secret {
    Objects.requireNonNull(value);
    if (value.isBlank()) {
      throw new IllegalArgumentException("a credential may not be empty");
    }
  }

  @Override
  public String toString() {
    return "Secret[redacted]";
  }
}
