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

/**
 * Puts the uses of credentials on our own API on record: a refusal for want of a scope each time, a
 * plain use once per credential, route and minute, the first at once. Requests that write have a
 * record of their own. Failures without a known caller are counted only: they must not flood the
 * log.
 */
@Singleton
public final class CredentialUse {
  private static final int MAX_REMEMBERED = 50_000;

  private final AuditEmitter emitter;
  private final AuditRecords records;
  private final MeterRegistry metrics;
  private final Cache<String, Boolean> recent =
      Caffeine.newBuilder()
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
