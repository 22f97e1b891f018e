package dev.relayauth.common.http;

import dev.relayauth.common.audit.CredentialUse;
import dev.relayauth.common.config.RelayAuthConfig;
import dev.relayauth.common.credential.Authentication;
import dev.relayauth.common.credential.Caller;
import dev.relayauth.common.credential.CredentialVerifier;
import dev.relayauth.common.credential.PresentedCredential;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.internal.ServiceTokens;
import dev.relayauth.common.revision.Revisions;
import dev.relayauth.common.token.DpopProofs;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.ClientProxy;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ResourceInfo;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Stands before every resource method: checks the credential in full, then the route's rule, then
 * waits for the revision that the client wants to have been seen. A route without a rule is
 * refused.
 */
@Singleton
public final class CredentialsGate {
  private final CredentialVerifier credentials;
  private final ServiceTokens services;
  private final Revisions revisions;
  private final CurrentRequest request;
  private final CredentialUse use;
  private final String issuer;
  private final MeterRegistry metrics;
  private final Map<String, Counter> calls = new ConcurrentHashMap<>();
  private final Map<Method, AccessRule> rules = new ConcurrentHashMap<>();

  CredentialsGate(
      CredentialVerifier credentials,
      ServiceTokens services,
      Revisions revisions,
      CurrentRequest request,
      CredentialUse use,
      MeterRegistry metrics,
      RelayAuthConfig config) {
    this.credentials = credentials;
    this.services = services;
    this.revisions = revisions;
    this.request = request;
    this.use = use;
    this.metrics = metrics;
    this.issuer = config.issuer();
  }

  /** Completes when the request may go on; fails with what to answer when it may not. */
  public @Nullable Uni<Void> check(ContainerRequestContext context, ResourceInfo route) {
    Method method = route.getResourceMethod();
    return switch (rules.computeIfAbsent(method, AccessRule::of)) {
      case AccessRule.Anyone ignored -> null;
      case AccessRule.Nobody ignored ->
          throw new RefusedException(ErrorCode.INSUFFICIENT_SCOPE, "nobody may call this route");
      case AccessRule.Services ignored -> {
        checkService(context);
        yield null;
      }
      case AccessRule.Credentials rule -> checkCredentials(context, rule);
    };
  }

  private void checkService(ContainerRequestContext context) {
    String authorization = context.getHeaderString("Authorization");
    Optional<String> caller =
        authorization != null && authorization.startsWith("Bearer ")
            ? services.caller(authorization.substring(7))
            : Optional.empty();
    if (caller.isEmpty()) {
      throw new RefusedException(ErrorCode.INVALID_TOKEN, "this route takes service tokens only");
    }
    calls.computeIfAbsent(caller.get(), this::counter).increment();
  }

  private Counter counter(String caller) {
    return metrics.counter("relayauth.internal.calls", "caller", caller);
  }

  private @Nullable Uni<Void> checkCredentials(
      ContainerRequestContext context, AccessRule.Credentials rule) {
    PresentedCredential presented =
        PresentedCredential.of(
            context.getHeaderString("Authorization"),
            context.getHeaderString("x-api-key"),
            proof(context));
    // The check may end on a thread where the request scope is not active.
    CurrentRequest current = ClientProxy.unwrap(request);
    CompletableFuture<Void> checked =
        credentials.verify(presented).thenAccept(outcome -> admit(outcome, rule, current));
    String revision = context.getHeaderString("Relay-Revision");
    if (revision != null) {
      // Nothing is told of what has been seen, so there is nothing to wait for.
      checked =
          checked.thenCompose(
              done ->
                  current.isUnproven() ? CompletableFuture.completedFuture(null) : seen(revision));
    }
    if (checked.isDone() && !checked.isCompletedExceptionally()) {
      return null;
    }
    return Uni.createFrom().completionStage(checked);
  }

  private DpopProofs.Presented proof(ContainerRequestContext context) {
    return new DpopProofs.Presented(
        context.getHeaders().getOrDefault(DpopProofs.HEADER, List.of()),
        context.getMethod(),
        issuer + request.path());
  }

  private void admit(Authentication outcome, AccessRule.Credentials rule, CurrentRequest current) {
    switch (outcome) {
      case Authentication.Rejected(var code, var detail, var caller, var bound)
          when rule.unproven() && caller != null -> {
        check(caller, rule, current);
        current.unproven(caller);
      }
      case Authentication.Rejected rejected -> {
        if (rejected.bound()) {
          current.wantsProof();
        }
        use.rejected(rejected.code());
        throw new RefusedException(rejected.code(), rejected.detail());
      }
      case Authentication.Authenticated authenticated -> {
        Caller caller = authenticated.caller();
        check(caller, rule, current);
        current.authenticated(caller);
        use.accepted(caller, current);
        current.onEnd(() -> use.ended(caller, current.refusal(), current));
      }
    }
  }

  private void check(Caller caller, AccessRule.Credentials rule, CurrentRequest current) {
    try {
      rule.check(caller);
    } catch (RefusedException refusal) {
      use.denied(caller, refusal, current);
      throw refusal;
    }
  }

  private CompletableFuture<Void> seen(String revision) {
    return revisions
        .await(revision)
        .thenAccept(
            reached -> {
              if (!reached) {
                throw new RefusedException(
                    ErrorCode.STORAGE_UNAVAILABLE, "the revision has not arrived here yet");
              }
            });
  }
}
