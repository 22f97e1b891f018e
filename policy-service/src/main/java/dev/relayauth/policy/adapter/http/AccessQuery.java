package dev.relayauth.policy.adapter.http;

import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.http.Violations;
import dev.relayauth.common.scope.InvalidScopeException;
import dev.relayauth.common.scope.Scope;
import dev.relayauth.policy.domain.decision.RequestContext;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A question, read: about the bearer of a token or about an identity by name.
 *
 * @param token compact; null when the identity is named
 * @param identityId null when a token is sent
 */
public record AccessQuery(
    @Nullable String token,
    @Nullable String identityId,
    Scope scope,
    RequestContext context,
    boolean explain) {

  /**
   * Reads the question of a body.
   *
   * @param pointer where the body is within the request's, empty for the whole of it
   * @throws RefusedException naming all that is wrong
   */
  static AccessQuery read(AuthorizeBody body, String pointer) {
    Violations violations = new Violations();
    violations
        .check(
            (body.token() == null) != (body.identityId() == null),
            pointer + "/token",
            "send either token or identityId")
        .check(body.scope() != null, pointer + "/scope", "is required");
    RequestContext context =
        RequestContext.read(
            body.context(),
            (member, detail) -> violations.check(false, pointer + "/context" + member, detail));
    violations.throwIfAny();
    return new AccessQuery(
        body.token(),
        body.identityId(),
        scope(String.valueOf(body.scope()), pointer),
        context,
        Boolean.TRUE.equals(body.explain()));
  }

  private static Scope scope(String text, String pointer) {
    try {
      return Scope.parse(text);
    } catch (InvalidScopeException e) {
      String detail = "the scope is not valid: " + e.reason();
      throw new RefusedException(
          ErrorCode.INVALID_SCOPE,
          detail,
          Map.of(
              "scope",
              e.scope(),
              "reason",
              e.reason(),
              "errors",
              List.of(Map.of("pointer", pointer + "/scope", "detail", e.reason()))));
    }
  }

  /** Never the token. */
  @Override
  public String toString() {
    return "AccessQuery[" + identityId + ", " + scope + "]";
  }
}
