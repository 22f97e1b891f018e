package dev.relayauth.common.json;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.io.IOContext;
import com.fasterxml.jackson.core.io.InputDecorator;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.io.Reader;
import org.jspecify.annotations.Nullable;

/**
 * JSON between systems is UTF-8 (RFC 8259 §8.1). The parser would take UTF-16 and UTF-32 for what
 * they are, which whoever looks at the same bytes before it doesn't.
 */
final class Utf8Only extends InputDecorator {
  private static final long serialVersionUID = 1L;

  /** No text is told apart by more. */
  private static final int HEAD = 4;

  @Override
  public InputStream decorate(IOContext context, InputStream in) throws IOException {
    byte[] head = in.readNBytes(HEAD);
    check(head, 0, head.length);
    PushbackInputStream whole = new PushbackInputStream(in, HEAD);
    whole.unread(head);
    return whole;
  }

  @Override
  public @Nullable InputStream decorate(IOContext context, byte[] source, int offset, int length)
      throws IOException {
    check(source, offset, Math.min(length, HEAD));
    return null;
  }

  @Override
  public Reader decorate(IOContext context, Reader reader) {
    return reader;
  }

  /** A NUL among the first bytes, or a byte order mark, which UTF-8 text never begins with. */
  private static void check(byte[] bytes, int offset, int length) throws IOException {
    for (int at = offset; at < offset + length; at++) {
      if (bytes[at] == 0 || bytes[at] == (byte) 0xFE || bytes[at] == (byte) 0xFF) {
        throw new JsonParseException(null, "JSON is UTF-8");
      }
    }
  }
}
