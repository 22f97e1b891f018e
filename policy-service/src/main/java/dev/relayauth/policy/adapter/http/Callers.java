package dev.relayauth.policy.adapter.http;

import dev.relayauth.common.audit.AuditEmitter;
import dev.relayauth.common.audit.AuditRecords;
import dev.relayauth.common.credential.Authentication;
import dev.relayauth.common.credential.Caller;
import dev.relayauth.common.credential.CredentialVerifier;
import dev.relayauth.common.credential.PresentedCredential;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.event.AuditRecord.Result;
import dev.relayauth.common.http.AccessRule;
import dev.relayauth.common.scope.Scope;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Who may ask for decisions, where no filter stands before the route: the same credentials, and the
 * same scope, as everywhere.
 */
@Singleton
public final class Callers {
  private static final AccessRule.Credentials RULE =
      new AccessRule.Credentials(
          List.of(Scope.parse("relayauth:scope:read")),
          true,
          false,
          AccessRule.WorkspaceTokens.NO,
          true);

  private final CredentialVerifier credentials;
  private final AuditRecords records;
  private final AuditEmitter emitter;

  Callers(CredentialVerifier credentials, AuditRecords records, AuditEmitter emitter) {
    this.credentials = credentials;
    this.records = records;
    this.emitter = emitter;
  }

  /**
   * Who may ask.
   *
   * @param unproven whether nobody can know if its credential is revoked: all it asks is denied
   */
  public record Admitted(Caller.Tenant caller, boolean unproven) {}

  /**
   * The caller; fails with a {@link RefusedException} when it may not ask.
   *
   * @param route what it wants, for the record
   */
  public CompletableFuture<Admitted> admit(
      @Nullable String authorization, @Nullable String apiKey, String route) {
    return credentials
        .verify(PresentedCredential.of(authorization, apiKey))
        .thenApply(outcome -> admitted(outcome, route));
  }

  /**
   * The caller, when memory knows it and it may ask; empty when that takes a call, or a refusal
   * that somebody else must put on record.
   */
  public Optional<Admitted> known(@Nullable String authorization, @Nullable String apiKey) {
    CompletableFuture<Authentication> verified =
        credentials.verify(PresentedCredential.of(authorization, apiKey));
    if (!verified.isDone()
        || verified.isCompletedExceptionally()
        || !(verified.join() instanceof Authentication.Authenticated authenticated)
        || !(authenticated.caller() instanceof Caller.Tenant tenant)) {
      return Optional.empty();
    }
    try {
      RULE.check(tenant);
      return Optional.of(new Admitted(tenant, false));
    } catch (RefusedException refused) {
      return Optional.empty();
    }
  }

  private Admitted admitted(Authentication outcome, String route) {
    return switch (outcome) {
      case Authentication.Rejected(var code, var detail, var caller, var bound) -> {
        if (caller == null) {
          throw new RefusedException(code, detail);
        }
        yield new Admitted(tenant(caller, route), true);
      }
      case Authentication.Authenticated(var caller) -> new Admitted(tenant(caller, route), false);
    };
  }

  private Caller.Tenant tenant(Caller caller, String route) {
    try {
      RULE.check(caller);
    } catch (RefusedException refusal) {
      record(caller, refusal, route);
      throw refusal;
    }
    return (Caller.Tenant) caller;
  }

  private void record(Caller caller, RefusedException refusal, String route) {
    if (caller instanceof Caller.Tenant tenant) {
      emitter.offer(
          records
              .draft("scope.denied", tenant.org())
              .subject(tenant.actorId(), tenant.sponsorChain())
              .result(Result.denied)
              .with("actorId", tenant.actorId())
              .with("route", route)
              .with("scope", String.valueOf(refusal.members().get("required")))
              .with("reason", refusal.code().slug())
              .build(),
          null);
    }
  }
}
