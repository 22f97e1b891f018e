package dev.relayauth.audit.adapter.http;

import dev.relayauth.common.credential.Authentication;
import dev.relayauth.common.credential.Caller;
import dev.relayauth.common.credential.CredentialVerifier;
import dev.relayauth.common.credential.PresentedCredential;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.scope.Scope;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/** The credential of a stream that lives on: checked in full, from memory, again and again. */
final class LiveCredential {
  private static final Scope REQUIRED = Scope.parse("relayauth:audit:read");

  private final CredentialVerifier verifier;
  private final PresentedCredential presented;
  private final String org;

  LiveCredential(CredentialVerifier verifier, PresentedCredential presented, String org) {
    this.verifier = verifier;
    this.presented = presented;
    this.org = org;
  }

  /** Why it doesn't hold any more; empty while it does. For virtual threads. */
  Optional<ErrorCode> refusal() {
    try {
      return switch (verifier.verify(presented).join()) {
        case Authentication.Rejected rejected -> Optional.of(rejected.code());
        case Authentication.Authenticated authenticated ->
            mayListen(authenticated.caller())
                ? Optional.empty()
                : Optional.of(ErrorCode.INSUFFICIENT_SCOPE);
      };
    } catch (CompletionException e) {
      return Optional.of(ErrorCode.STORAGE_UNAVAILABLE);
    }
  }

  private boolean mayListen(Caller caller) {
    return caller instanceof Caller.Tenant tenant
        && tenant.org().equals(org)
        && tenant.scopes().covers(REQUIRED);
  }
}
