package dev.relayauth.common.http;

import dev.relayauth.common.audit.CredentialUse;
import dev.relayauth.common.credential.Authentication;
import dev.relayauth.common.credential.Caller;
import dev.relayauth.common.credential.CredentialVerifier;
import dev.relayauth.common.credential.PresentedCredential;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.revision.Revisions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Lets requests into a plain route that has a resource of the same path behind it: those whose
 * caller memory knows and the rule admits. For them it does what {@link CredentialsGate} does; with
 * all others nothing has happened yet.
 */
@Singleton
public final class ShortWay {
  private final CredentialVerifier credentials;
  private final CredentialUse use;
  private final Revisions revisions;

  ShortWay(CredentialVerifier credentials, CredentialUse use, Revisions revisions) {
    this.credentials = credentials;
    this.use = use;
    this.revisions = revisions;
  }

  /** The request with its caller; empty when it must go the long way. */
  public Optional<CurrentRequest> enter(RoutingContext context, AccessRule.Credentials rule) {
    return known(context.request())
        .filter(caller -> admits(rule, caller))
        .map(caller -> entered(context, caller));
  }

  private CurrentRequest entered(RoutingContext context, Caller.Tenant caller) {
    CurrentRequest current = new CurrentRequest(context, revisions);
    current.authenticated(caller);
    use.accepted(caller, current);
    current.onEnd(() -> use.ended(caller, current.refusal(), current));
    return current;
  }

  private Optional<Caller.Tenant> known(HttpServerRequest request) {
    CompletableFuture<Authentication> verified =
        credentials.verify(
            PresentedCredential.of(
                request.getHeader("Authorization"), request.getHeader("x-api-key")));
    return verified.isDone()
            && !verified.isCompletedExceptionally()
            && verified.join() instanceof Authentication.Authenticated authenticated
            && authenticated.caller() instanceof Caller.Tenant tenant
        ? Optional.of(tenant)
        : Optional.empty();
  }

  /** Whom it does not admit the resource refuses, and puts that on record. */
  private static boolean admits(AccessRule.Credentials rule, Caller.Tenant caller) {
    try {
      rule.check(caller);
      return true;
    } catch (RefusedException refused) {
      return false;
    }
  }
}
