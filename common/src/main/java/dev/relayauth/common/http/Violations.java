package dev.relayauth.common.http;

import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Collects everything that is wrong with a body, so that a client can fix it in one go. */
public final class Violations {
  /** The largest number of metadata entries. */
  public static final int MAX_METADATA = 32;

  /** The longest metadata key or value. */
  public static final int MAX_METADATA_TEXT = 1024;

  /** The longest name. */
  public static final int MAX_NAME = 200;

  private final List<Map<String, String>> errors = new ArrayList<>();

  /** Notes {@code detail} at {@code pointer} unless {@code holds}. */
  public Violations check(boolean holds, String pointer, String detail) {
    if (!holds) {
      errors.add(Map.of("pointer", pointer, "detail", detail));
    }
    return this;
  }

  /** Text that must be there, not blank, and of a bounded length without control characters. */
  public Violations text(@Nullable String value, String pointer) {
    check(value != null && !value.isBlank(), pointer, "is required");
    return optionalText(value, pointer, MAX_NAME);
  }

  /** Text that may be missing, of a bounded length without control characters. */
  public Violations optionalText(@Nullable String value, String pointer, int max) {
    if (value != null) {
      check(value.length() <= max, pointer, "may have " + max + " characters at most");
      check(value.chars().noneMatch(Character::isISOControl), pointer, "has control characters");
    }
    return this;
  }

  /** A list of a bounded size without nulls. */
  public Violations list(@Nullable Collection<?> values, String pointer, int max) {
    if (values != null) {
      check(values.size() <= max, pointer, "may have " + max + " items at most");
      check(values.stream().allMatch(v -> v != null), pointer, "has a null item");
    }
    return this;
  }

  /** Metadata: 32 entries of strings of 1 KiB at most. */
  public Violations metadata(@Nullable Map<String, String> values, String pointer) {
    if (values != null) {
      check(
          values.size() <= MAX_METADATA, pointer, "may have " + MAX_METADATA + " entries at most");
      values.forEach(
          (key, value) -> {
            check(
                isMetadataText(key) && !key.isEmpty(),
                pointer,
                "has a key that is empty or longer than 1024 bytes of UTF-8");
            check(
                value != null && isMetadataText(value),
                pointer,
                "has a value that is null or longer than 1024 bytes of UTF-8");
          });
    }
    return this;
  }

  /** Whether a key or value of metadata is short enough, as UTF-8. */
  public static boolean isMetadataText(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length <= MAX_METADATA_TEXT;
  }

  /** Throws a 400 that names everything noted; returns when nothing was. */
  public void throwIfAny() {
    if (!errors.isEmpty()) {
      String detail =
          errors.stream()
              .map(error -> (error.get("pointer") + " " + error.get("detail")).strip())
              .collect(Collectors.joining("; "));
      throw new RefusedException(
          ErrorCode.VALIDATION_FAILED, detail, Map.of("errors", List.copyOf(errors)));
    }
  }
}
