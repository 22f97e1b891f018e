package dev.relayauth.sdk;

import java.util.Objects;

/** A credential. Its text is never part of {@link #toString()}. */
public record Secret(String value) {
  public Secret {
    // What was read from a file ends in a line break.
    value = Objects.requireNonNull(value).strip();
    if (value.isEmpty()) {
      throw new IllegalArgumentException("a credential may not be empty");
    }
    if (!value.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new IllegalArgumentException("a credential has visible ASCII characters only");
    }
  }

  @Override
  public String toString() {
    return "Secret[redacted]";
  }
}
