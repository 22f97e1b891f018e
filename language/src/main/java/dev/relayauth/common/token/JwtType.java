package dev.relayauth.common.token;

import java.util.Locale;
import java.util.Optional;

/** The {@code typ} of a header. */
public enum JwtType {
  /** From {@code /v1/tokens*}. */
  JWT("JWT"),
  /** From {@code /oauth/token} (RFC 9068 §2.1). */
  ACCESS_TOKEN("at+jwt"),
  /** Between our own services, never a user's. */
  SERVICE_TOKEN("svc+jwt"),
  /** A Token Status List (draft-ietf-oauth-status-list §5.1). */
  STATUS_LIST("statuslist+jwt"),
  /** A Security Event Token (RFC 8417 §2.3). */
  SECURITY_EVENT("secevent+jwt");

  private static final String MEDIA_TYPE_PREFIX = "application/";

  private final String headerValue;

  JwtType(String headerValue) {
    this.headerValue = headerValue;
  }

  /** The value we write. */
  public String headerValue() {
    return headerValue;
  }

  /** Media types compare without case, and may carry their prefix (RFC 7515 §4.1.9). */
  static Optional<JwtType> ofHeader(String typ) {
    String lower = typ.toLowerCase(Locale.ROOT);
    String name =
        lower.startsWith(MEDIA_TYPE_PREFIX) ? lower.substring(MEDIA_TYPE_PREFIX.length()) : lower;
    for (JwtType type : values()) {
      if (type.headerValue.toLowerCase(Locale.ROOT).equals(name)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
