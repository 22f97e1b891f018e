package dev.relayauth.common.token;

import dev.relayauth.common.scope.ScopeSet;
import org.jspecify.annotations.Nullable;

/** The outcome of verifying an access token. */
public sealed interface Verification {
  /**
   * A token that may be believed, revocation apart.
   *
   * @param scopes its scopes; ones it can't read grant nothing
   * @param kid the key that signed it
   * @param type its header's {@code typ}
   * @param payload its JSON as signed, for introspection
   */
  record Valid(Claims claims, ScopeSet scopes, String kid, JwtType type, String payload)
      implements Verification {}

  /**
   * A token that is refused.
   *
   * @param detail for people; quotes nothing of the token
   * @param kid the key that the token names and that we don't have; null for any other reason
   */
  record Invalid(Reason reason, String detail, @Nullable String kid)
      implements Verification, ServiceVerification, Authentication {
    /** For anything but an unknown key. */
    public Invalid(Reason reason, String detail) {
      this(reason, detail, null);
    }
  }

  /** Why a token is refused. */
  enum Reason {
    /** Not a compact JWS in strict form, or with a header we don't take. */
    MALFORMED,
    /** An algorithm outside the list, or not the key's. */
    ALGORITHM,
    /** No {@code kid}, or one we don't have. */
    UNKNOWN_KEY,
    SIGNATURE,
    /** Another {@code typ} or {@code token_type}. */
    TYPE,
    ISSUER,
    AUDIENCE,
    EXPIRED,
    NOT_YET_VALID,
    /** A claim is missing or of a wrong type. */
    CLAIMS
  }
}
