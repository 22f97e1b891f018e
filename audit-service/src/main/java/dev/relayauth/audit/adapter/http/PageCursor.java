package dev.relayauth.audit.adapter.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.relayauth.audit.domain.log.AuditEntry;
import dev.relayauth.audit.domain.log.AuditFilter;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Cursors of one list under one filter, opaque outside: a place in the log, and a digest of what it
 * is a place of. A cursor of another list or filter is refused.
 */
final class PageCursor {
  private static final int DIGEST = 8;
  private static final int LENGTH = Long.BYTES + Integer.BYTES + Long.BYTES + DIGEST;
  private static final int MAX_TEXT = 64;
  private static final long LAST_SECOND = Instant.parse("9999-12-31T00:00:00Z").getEpochSecond();

  private final byte[] digest;

  private PageCursor(byte[] digest) {
    this.digest = digest;
  }

  static PageCursor of(String list, String org, AuditFilter filter) {
    try {
      byte[] full =
          MessageDigest.getInstance("SHA-256")
              .digest((list + "\n" + org + "\n" + filter).getBytes(UTF_8));
      return new PageCursor(Arrays.copyOf(full, DIGEST));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  String encode(AuditEntry.Place place) {
    byte[] bytes =
        ByteBuffer.allocate(LENGTH)
            .putLong(place.timestamp().getEpochSecond())
            .putInt(place.timestamp().getNano())
            .putLong(place.leafIndex())
            .put(digest)
            .array();
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  AuditEntry.@Nullable Place decode(@Nullable String text) {
    if (text == null) {
      return null;
    }
    try {
      byte[] bytes = text.length() > MAX_TEXT ? new byte[0] : Base64.getUrlDecoder().decode(text);
      if (bytes.length == LENGTH
          && Arrays.equals(digest, Arrays.copyOfRange(bytes, LENGTH - DIGEST, LENGTH))) {
        return place(ByteBuffer.wrap(bytes));
      }
    } catch (IllegalArgumentException e) {
      // Falls through to the refusal below.
    }
    throw new RefusedException(
        ErrorCode.VALIDATION_FAILED,
        "cursor is not one that we issued for this list and these filters; start without it");
  }

  private static AuditEntry.Place place(ByteBuffer bytes) {
    long second = bytes.getLong();
    int nano = bytes.getInt();
    if (second < 0 || second > LAST_SECOND || nano < 0 || nano > 999_999_999) {
      throw new IllegalArgumentException("no instant");
    }
    return new AuditEntry.Place(Instant.ofEpochSecond(second, nano), bytes.getLong());
  }
}
