package dev.relayauth.token.domain.issuing;

import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.scope.Scope;
import dev.relayauth.common.scope.ScopeSet;
import java.util.Map;

/**
 * Why a request is refused, in words that a client may read.
 *
 * @param members further members of the problem document
 */
public record Refusal(ErrorCode code, String detail, Map<String, Object> members) {
  /** Copies the members. */
  public Refusal {
    members = Map.copyOf(members);
  }

  /** A refusal with a code and a sentence. */
  public static Refusal of(ErrorCode code, String detail) {
    return new Refusal(code, detail, Map.of());
  }

  /** A scope that {@code actual} doesn't cover. */
  public static Refusal lacking(Scope required, ScopeSet actual, String whose) {
    return new Refusal(
        ErrorCode.INSUFFICIENT_SCOPE,
        whose + " does not cover " + required.raw(),
        Map.of("required", required.raw(), "actual", actual.toList()));
  }
}
