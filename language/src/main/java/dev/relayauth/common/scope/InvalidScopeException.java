package dev.relayauth.common.scope;

/** A text that is not a scope. Says which text, shortened when it is long, and why. */
public final class InvalidScopeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String scope;
  private final String reason;

  InvalidScopeException(String scope, String reason) {
    super("Invalid scope: " + reason);
    this.scope =
        scope.length() <= Scope.MAX_LENGTH ? scope : scope.substring(0, Scope.MAX_LENGTH) + "…";
    this.reason = reason;
  }

  /** The refused text, as it was sent. */
  public String scope() {
    return scope;
  }

  /** Why it was refused; fixed text that quotes nothing of the input. */
  public String reason() {
    return reason;
  }
}
