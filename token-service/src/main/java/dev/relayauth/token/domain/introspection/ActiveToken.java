package dev.relayauth.token.domain.introspection;

import dev.relayauth.common.token.Verification;

/** What is answered about an access token that is active (RFC 7662 §2.2). */
public final class ActiveToken {
  /** As every payload of ours says it before any member that isn't a string or a list of those. */
  private static final String SIGNED = "\"token_type\":\"access\"";

  private ActiveToken() {}

  /**
   * The claims as signed, in JSON, but for {@code token_type}: here it is that of RFC 6749 §5.1.
   */
  public static String json(Verification.Valid token) {
    String payload = token.payload().strip();
    int at = payload.indexOf(SIGNED);
    String type = token.claims().jkt() == null ? "Bearer" : "DPoP";
    return at < 0
        ? "{\"active\":true," + payload.substring(1)
        : "{\"active\":true,"
            + payload.substring(1, at)
            + "\"token_type\":\""
            + type
            + '"'
            + payload.substring(at + SIGNED.length());
  }
}
