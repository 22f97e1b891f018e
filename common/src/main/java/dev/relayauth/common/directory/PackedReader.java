package dev.relayauth.common.directory;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads what {@link PackedWriter} wrote, in the same order. */
final class PackedReader {
  /** The first second of the year 0. */
  static final long FIRST_SECOND = Instant.parse("0000-01-01T00:00:00Z").getEpochSecond();

  private final byte[] bytes;
  private int at;

  PackedReader(byte[] bytes) {
    this.bytes = bytes;
  }

  long number() {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = bytes[at++];
      value |= (long) (next & 0x7F) << shift;
      if (next >= 0) {
        return value;
      }
    }
  }

  String text() {
    return Objects.requireNonNull(textOrNull());
  }

  @Nullable String textOrNull() {
    int length = (int) number() - 1;
    if (length < 0) {
      return null;
    }
    String value = new String(bytes, at, length, UTF_8);
    at += length;
    return value;
  }

  List<String> texts() {
    int size = (int) number();
    List<String> values = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      values.add(text());
    }
    return values;
  }

  Map<String, String> map() {
    Map<String, String> values = new LinkedHashMap<>();
    for (long left = number(); left > 0; left--) {
      values.put(text(), text());
    }
    return values;
  }

  @Nullable Instant instantOrNull() {
    long second = number();
    return second == 0 ? null : Instant.ofEpochSecond(second - 1 + FIRST_SECOND, number());
  }
}
