package dev.relayauth.common.directory;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Values one after the other in as few bytes as is easy; {@link PackedReader} reads them back. */
final class PackedWriter {
  private byte[] bytes = new byte[256];
  private int length;

  /** A number that is mostly small, 0 or more. */
  PackedWriter number(long value) {
    long rest = value;
    while (rest > 0x7F) {
      add((byte) (rest & 0x7F | 0x80));
      rest >>>= 7;
    }
    add((byte) rest);
    return this;
  }

  PackedWriter text(String value) {
    byte[] encoded = value.getBytes(UTF_8);
    number(encoded.length + 1L);
    for (byte each : encoded) {
      add(each);
    }
    return this;
  }

  PackedWriter textOrNull(@Nullable String value) {
    return value == null ? number(0) : text(value);
  }

  PackedWriter texts(Collection<String> values) {
    number(values.size());
    values.forEach(this::text);
    return this;
  }

  PackedWriter map(Map<String, String> values) {
    number(values.size());
    values.forEach((name, value) -> text(name).text(value));
    return this;
  }

  /** An instant of any year after 0. */
  PackedWriter instantOrNull(@Nullable Instant value) {
    return value == null
        ? number(0)
        : number(value.getEpochSecond() - PackedReader.FIRST_SECOND + 1).number(value.getNano());
  }

  byte[] toBytes() {
    return Arrays.copyOf(bytes, length);
  }

  private void add(byte value) {
    if (length == bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * length);
    }
    bytes[length++] = value;
  }
}
