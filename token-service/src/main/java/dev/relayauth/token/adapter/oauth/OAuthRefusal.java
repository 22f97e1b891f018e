package dev.relayauth.token.adapter.oauth;

import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import java.util.Map;

/** Refusals with an error code of OAuth's own (RFC 6749 §5.2, RFC 8707 §2). */
final class OAuthRefusal {
  /** The member that carries it to the renderer, which never shows it. */
  static final String ERROR = "oauthError";

  private OAuthRefusal() {}

  static RefusedException request(String detail) {
    return of(ErrorCode.VALIDATION_FAILED, "invalid_request", detail);
  }

  static RefusedException client(String detail) {
    return of(ErrorCode.INVALID_API_KEY, "invalid_client", detail);
  }

  static RefusedException grant(String detail) {
    return of(ErrorCode.VALIDATION_FAILED, "invalid_grant", detail);
  }

  static RefusedException scope(String detail) {
    return of(ErrorCode.VALIDATION_FAILED, "invalid_scope", detail);
  }

  static RefusedException target(String detail) {
    return of(ErrorCode.VALIDATION_FAILED, "invalid_target", detail);
  }

  static RefusedException grantType() {
    return of(
        ErrorCode.VALIDATION_FAILED, "unsupported_grant_type", "the grant type is not supported");
  }

  static RefusedException unauthorized(String detail) {
    return of(ErrorCode.VALIDATION_FAILED, "unauthorized_client", detail);
  }

  private static RefusedException of(ErrorCode code, String error, String detail) {
    return new RefusedException(code, detail, Map.of(ERROR, error));
  }
}
