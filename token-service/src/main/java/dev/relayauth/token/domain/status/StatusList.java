package dev.relayauth.token.domain.status;

import java.io.ByteArrayOutputStream;
import java.util.Base64;
import java.util.Set;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * Statuses of 1, 2, 4 or 8 bits, packed from the least significant bit of each byte on
 * (draft-ietf-oauth-status-list §4.1). Not safe for several threads.
 */
public final class StatusList {
  /** What a token is whose list says nothing else (§7.1). */
  public static final int VALID = 0;

  /** What a revoked token is. */
  public static final int INVALID = 1;

  private static final Set<Integer> WIDTHS = Set.of(1, 2, 4, 8);
  private static final int BUFFER = 8_192;

  private final int bits;
  private final byte[] bytes;

  /** A list of {@code size} valid tokens. */
  public StatusList(int bits, int size) {
    this(bits, new byte[Math.ceilDiv(Math.multiplyExact(size, bits), Byte.SIZE)]);
  }

  private StatusList(int bits, byte[] bytes) {
    if (!WIDTHS.contains(bits)) {
      throw new IllegalArgumentException("a status has 1, 2, 4 or 8 bits");
    }
    this.bits = bits;
    this.bytes = bytes;
  }

  /**
   * The list that was encoded.
   *
   * @param size how many statuses it may hold at most
   * @throws IllegalArgumentException when it isn't one, or a longer one
   */
  public static StatusList decode(int bits, String encoded, int size) {
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(Base64.getUrlDecoder().decode(encoded));
      byte[] bytes = new byte[Math.ceilDiv(Math.multiplyExact(size, bits), Byte.SIZE)];
      int length = inflater.inflate(bytes);
      if (!inflater.finished() && inflater.inflate(new byte[1]) > 0) {
        throw new IllegalArgumentException("the list is longer than that");
      }
      if (!inflater.finished()) {
        throw new IllegalArgumentException("the list breaks off");
      }
      return new StatusList(bits, java.util.Arrays.copyOf(bytes, length));
    } catch (DataFormatException e) {
      throw new IllegalArgumentException("the list is not compressed by zlib", e);
    } finally {
      inflater.end();
    }
  }

  /** How many statuses there is room for. */
  public int size() {
    return bytes.length * Byte.SIZE / bits;
  }

  /** The status at a place. */
  public int get(int idx) {
    int at = Math.multiplyExact(idx, bits);
    return (bytes[at / Byte.SIZE] & 0xFF) >>> at % Byte.SIZE & mask();
  }

  /** Puts a status at a place. */
  public void set(int idx, int status) {
    if ((status & ~mask()) != 0) {
      throw new IllegalArgumentException("the status doesn't fit");
    }
    int at = Math.multiplyExact(idx, bits);
    int shift = at % Byte.SIZE;
    bytes[at / Byte.SIZE] = (byte) (bytes[at / Byte.SIZE] & ~(mask() << shift) | status << shift);
  }

  /** The list as claim {@code lst} carries it: zlib at its best, in base64url (§4.2). */
  public String encoded() {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(compressed());
  }

  /** The bits of each status. */
  public int bits() {
    return bits;
  }

  private int mask() {
    return (1 << bits) - 1;
  }

  private byte[] compressed() {
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
    try {
      deflater.setInput(bytes);
      deflater.finish();
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      byte[] buffer = new byte[BUFFER];
      while (!deflater.finished()) {
        out.write(buffer, 0, deflater.deflate(buffer));
      }
      return out.toByteArray();
    } finally {
      deflater.end();
    }
  }
}
