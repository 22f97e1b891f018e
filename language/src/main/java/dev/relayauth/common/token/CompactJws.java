package dev.relayauth.common.token;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/** The parts of a compact serialisation (RFC 7515 §7.1), in the one spelling they can have. */
record CompactJws(JwsHeader header, byte[] payload, byte[] signingInput, byte[] signature) {
  static final int MAX_LENGTH = 16 * 1024;

  private static final Base64.Decoder DECODER = Base64.getUrlDecoder();
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

  static CompactJws parse(String compact) throws StrictJson.Invalid {
    if (compact.length() > MAX_LENGTH) {
      throw new StrictJson.Invalid("longer than " + MAX_LENGTH + " characters");
    }
    int first = compact.indexOf('.');
    int second = compact.indexOf('.', first + 1);
    if (first < 0 || second < 0 || compact.indexOf('.', second + 1) >= 0) {
      throw new StrictJson.Invalid("not three parts");
    }
    return new CompactJws(
        JwsHeader.parse(decode(compact.substring(0, first))),
        decode(compact.substring(first + 1, second)),
        compact.substring(0, second).getBytes(StandardCharsets.US_ASCII),
        decode(compact.substring(second + 1)));
  }

  /**
   * No padding, no whitespace, no stray bits in the last character (RFC 7515 §2, RFC 4648 §3.5).
   */
  static byte[] decode(String part) throws StrictJson.Invalid {
    try {
      byte[] decoded = DECODER.decode(part);
      if (ENCODER.encodeToString(decoded).equals(part)) {
        return decoded;
      }
    } catch (IllegalArgumentException e) {
      throw new StrictJson.Invalid("not base64url");
    }
    throw new StrictJson.Invalid("not canonical base64url");
  }

  static String encode(byte[] part) {
    return ENCODER.encodeToString(part);
  }

  String payloadText() {
    return new String(payload, StandardCharsets.UTF_8);
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof CompactJws other
        && Arrays.equals(signingInput, other.signingInput)
        && Arrays.equals(signature, other.signature);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(signingInput);
  }

  @Override
  public String toString() {
    return "CompactJws[" + header + ", <redacted>]";
  }
}
