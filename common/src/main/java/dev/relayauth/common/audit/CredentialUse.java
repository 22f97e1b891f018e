package dev.relayauth.common.audit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.relayauth.common.credential.Caller;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.event.AuditRecord.Result;
import dev.relayauth.common.http.CurrentRequest;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;

/**
 * Puts the uses of credentials on our own API on record: a refusal for want of a scope each time, a
 * plain use once per credential, route and minute, the first at once. Requests that left a record
 * of their own need no other. Failures without a known caller are counted only: they must not flood
 * the log.
 */
@Singleton
public final class CredentialUse {
  private static final int MAX_REMEMBERED = 50_000;

  private final AuditEmitter emitter;
  private final AuditRecords records;
  private final MeterRegistry metrics;
  private final Cache<String, Boolean> recent =
      Caffeine.newBuilder()
          .executor(Runnable::run)
          .maximumSize(MAX_REMEMBERED)
          .expireAfterWrite(Duration.ofMinutes(1))
          .build();

  CredentialUse(AuditEmitter emitter, AuditRecords records, MeterRegistry metrics) {
    this.emitter = emitter;
    this.records = records;
    this.metrics = metrics;
  }

  /** A credential was refused before anyone knew whose it is. */
  public void rejected(ErrorCode code) {
    metrics.counter("relayauth.credentials.rejected", "code", code.slug()).increment();
  }

  /** A known caller lacked a scope. */
  public void denied(Caller caller, RefusedException refusal, CurrentRequest request) {
    metrics.counter("relayauth.credentials.rejected", "code", refusal.code().slug()).increment();
    if (caller instanceof Caller.Tenant tenant) {
      AuditDraft draft =
          draft("scope.denied", tenant, request)
              .result(Result.denied)
              .with("scope", String.valueOf(refusal.members().get("required")))
              .with("reason", refusal.code().slug());
      emitter.offer(draft.build(), request.traceparent());
    }
  }

  /** A known caller was let in. */
  public void accepted(Caller caller, CurrentRequest request) {
    if (request.method().equals("GET")) {
      asked(caller, request);
    }
  }

  /** A known caller has its answer; whatever is not on record yet is put there. */
  public void ended(Caller caller, Optional<RefusedException> refusal, CurrentRequest request) {
    if (request.isOnRecord()) {
      return;
    }
    Optional<RefusedException> denial = refusal.filter(CredentialUse::isDenial);
    if (denial.isPresent() && caller instanceof Caller.Tenant tenant) {
      refused(tenant, denial.get(), request);
    } else {
      asked(caller, request);
    }
  }

  /** Not what is malformed, absent or in the way. */
  private static boolean isDenial(RefusedException refusal) {
    int status = refusal.code().status();
    return status == 401 || status == 403;
  }

  /** A known caller was refused what its credential let it ask for. */
  private void refused(Caller.Tenant caller, RefusedException refusal, CurrentRequest request) {
    Object scope = refusal.members().get("required");
    AuditDraft draft =
        draft(scope == null ? "token.validated" : "scope.denied", caller, request)
            .result(Result.denied)
            .with("scope", scope == null ? null : scope.toString())
            .with("reason", refusal.code().slug());
    emitter.offer(draft.build(), request.traceparent());
  }

  /** A known caller asks something, by whatever method. */
  public void asked(Caller caller, CurrentRequest request) {
    if (caller instanceof Caller.Tenant tenant
        && recent.asMap().putIfAbsent(use(tenant, request.path()), true) == null) {
      emitter.offer(draft("token.validated", tenant, request).build(), request.traceparent());
    }
  }

  /** Whether that use is on record already, so that nothing is to be done for it. */
  public boolean isOnRecord(Caller.Tenant caller, String path) {
    return recent.getIfPresent(use(caller, path)) != null;
  }

  private static String use(Caller.Tenant caller, String path) {
    return credentialId(caller) + " " + path;
  }

  private AuditDraft draft(String action, Caller.Tenant caller, CurrentRequest request) {
    AuditDraft draft =
        records
            .draft(action, caller.org(), request)
            .with("actorId", caller.actorId())
            .with("route", request.method() + " " + request.path());
    return switch (caller) {
      case Caller.Bearer bearer ->
          draft
              .subject(bearer.actorId(), bearer.sponsorChain())
              .workspace(bearer.token().claims().wks())
              .token(bearer.token().claims().jti())
              .with("sessionId", bearer.token().claims().sid());
      case Caller.KeyHolder holder ->
          draft.subject(holder.key().identityId(), holder.sponsorChain()).token(holder.key().id());
    };
  }

  private static String credentialId(Caller.Tenant caller) {
    return switch (caller) {
      case Caller.Bearer bearer -> bearer.token().claims().jti();
      case Caller.KeyHolder holder -> holder.key().id();
    };
  }
}
