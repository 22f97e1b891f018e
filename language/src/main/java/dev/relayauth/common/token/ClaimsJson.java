package dev.relayauth.common.token;

import java.nio.charset.StandardCharsets;

/** Claims as the JSON payload of a token, and back. */
public final class ClaimsJson {
  private ClaimsJson() {}

  /** The payload. */
  public static String write(Claims claims) {
    return ClaimsWriter.write(claims);
  }

  /**
   * Reads a payload strictly: no duplicate member, no missing claim, no wrong type, no more than 16
   * KiB or 16 levels. Members it doesn't know are passed over.
   *
   * @throws InvalidClaimsException for anything else
   */
  public static Claims read(String payload) {
    return read(payload.getBytes(StandardCharsets.UTF_8));
  }

  /** Reads the payload as it was signed; see {@link #read(String)}. */
  public static Claims read(byte[] payload) {
    try {
      return ClaimsReader.read(payload);
    } catch (StrictJson.Invalid | IllegalArgumentException e) {
      throw new InvalidClaimsException(String.valueOf(e.getMessage()));
    }
  }
}
