package dev.relayauth.common.http;

import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.token.Sha256;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where a page of a list that is newest first ends: opaque outside, a place in an index inside. */
public record Cursor(Instant createdAt, String id) {
  /** The size of a page when the client doesn't say. */
  public static final int DEFAULT_LIMIT = 50;

  /** The largest page. */
  public static final int MAX_LIMIT = 200;

  private static final int MAX_LENGTH = 256;
  private static final int MARK = 8;
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,128}");
  private static final Instant FIRST = Instant.EPOCH;
  private static final Instant LAST = Instant.parse("9999-12-31T00:00:00Z");

  private String encode() {
    String text = createdAt.getEpochSecond() + "." + createdAt.getNano() + "." + id;
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The text of this cursor, for one list only.
   *
   * @param list what names the list, its tenant and the values of its filters included
   */
  public String encode(String list) {
    return encode() + "." + mark(list);
  }

  /**
   * Reads a cursor of one list that a client sends back; null stays null, another list's is 400.
   */
  public static @Nullable Cursor decode(@Nullable String text, String list) {
    if (text == null) {
      return null;
    }
    int dot = text.lastIndexOf('.');
    if (dot < 0 || !text.substring(dot + 1).equals(mark(list))) {
      throw foreign();
    }
    return read(text.substring(0, dot));
  }

  private static Cursor read(String text) {
    try {
      if (text.length() > MAX_LENGTH) {
        throw new IllegalArgumentException("too long");
      }
      String[] parts =
          new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8).split("\\.", 3);
      Instant at = Instant.ofEpochSecond(Long.parseLong(parts[0]), Long.parseLong(parts[1]));
      if (!ID.matcher(parts[2]).matches() || at.isBefore(FIRST) || at.isAfter(LAST)) {
        throw new IllegalArgumentException("no place in an index");
      }
      return new Cursor(at, parts[2]);
    } catch (IllegalArgumentException | IndexOutOfBoundsException | DateTimeException e) {
      throw foreign();
    }
  }

  /** What to answer to a cursor that is none of the list's. */
  public static RefusedException foreign() {
    return new RefusedException(
        ErrorCode.VALIDATION_FAILED, "cursor is not one that this list issued; start without it");
  }

  private static String mark(String list) {
    return Sha256.base64Url(list).substring(0, MARK);
  }

  /** Reads {@code limit}: 1 to 200, 50 when missing. */
  public static int limit(@Nullable String text) {
    if (text == null) {
      return DEFAULT_LIMIT;
    }
    try {
      int limit = Integer.parseInt(text);
      if (limit >= 1 && limit <= MAX_LIMIT) {
        return limit;
      }
    } catch (NumberFormatException e) {
      // Falls through to the refusal below.
    }
    throw new RefusedException(ErrorCode.VALIDATION_FAILED, "limit must be 1 to " + MAX_LIMIT);
  }
}
