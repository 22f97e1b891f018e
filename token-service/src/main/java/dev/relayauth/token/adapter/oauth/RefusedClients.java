package dev.relayauth.token.adapter.oauth;

import dev.relayauth.common.audit.AuditDraft;
import dev.relayauth.common.audit.AuditEmitter;
import dev.relayauth.common.audit.AuditRecords;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.event.AuditRecord.Result;
import dev.relayauth.common.http.CurrentRequest;
import jakarta.inject.Singleton;
import java.util.Optional;

/**
 * Puts on record what the token endpoint refuses a client that has proved who it is. Requests that
 * nobody can be held to leave none: they must not flood the log.
 */
@Singleton
final class RefusedClients {
  private final AuditEmitter emitter;
  private final AuditRecords records;
  private final CurrentRequest request;

  RefusedClients(AuditEmitter emitter, AuditRecords records, CurrentRequest request) {
    this.emitter = emitter;
    this.records = records;
    this.request = request;
  }

  /** A refusal: {@code scope.denied} with the scope, when it is for want of one. */
  void record(OAuthClient client, RefusedException refusal) {
    Optional<String> scope =
        Optional.ofNullable(refusal.members().get("required")).map(Object::toString);
    AuditDraft draft =
        records
            .draft(scope.isPresent() ? "scope.denied" : "token.validated", client.org(), request)
            .subject(client.id(), client.sponsorChain())
            .token(client.credentialId())
            .result(Result.denied)
            .with("actorId", client.id())
            .with("credential", client.method())
            .with("apiKeyId", client.credentialId())
            .with("route", request.method() + " " + request.path())
            .with("scope", scope.orElse(null))
            .with("reason", refusal.code().slug())
            .with("error", (String) refusal.members().get(OAuthRefusal.ERROR));
    emitter.offer(draft.build(), request.traceparent());
  }
}
