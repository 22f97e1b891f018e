package dev.relayauth.sdk.guard;

import dev.relayauth.common.token.SigningAlgorithm;
import org.jspecify.annotations.Nullable;

/**
 * How to present a good token (RFC 6750 §3, RFC 9449 §7.1).
 *
 * @param bound whether the token is bound to a key, or was presented as such
 * @param error null when no credentials were sent
 * @param scope what the token must cover
 */
record Challenge(boolean bound, @Nullable String error, @Nullable String scope) {
  private static final String ALGORITHMS = String.join(" ", SigningAlgorithm.jwsNames());

  static Challenge of(boolean bound, String error) {
    return new Challenge(bound, error, null);
  }

  /** The header, which names the protected-resource metadata (RFC 9728 §5.1) if there is any. */
  String text(@Nullable String metadata) {
    StringBuilder text =
        new StringBuilder(bound ? "DPoP" : "Bearer").append(" realm=\"relayauth\"");
    add(text, "error", error);
    add(text, "scope", scope == null ? null : scope.replaceAll("[\"\\\\\\p{Cntrl}]", ""));
    add(text, "algs", bound ? ALGORITHMS : null);
    add(text, "resource_metadata", metadata);
    return text.toString();
  }

  private static void add(StringBuilder text, String member, @Nullable String value) {
    if (value != null) {
      text.append(", ").append(member).append("=\"").append(value).append('"');
    }
  }
}
