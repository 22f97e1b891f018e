package dev.relayauth.common.audit;

import dev.relayauth.common.config.RelayAuthConfig;
import dev.relayauth.common.credential.Caller;
import dev.relayauth.common.event.AuditRecord;
import dev.relayauth.common.event.Topics;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.http.Traceparent;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.id.IdSource;
import dev.relayauth.common.outbox.OutboxEvent;
import dev.relayauth.common.outbox.Transaction;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Begins audit records, and appends them to the transaction of what they record. */
@Singleton
public final class AuditRecords {
  private final IdSource ids;
  private final InstantSource clock;
  private final String source;

  AuditRecords(IdSource ids, InstantSource clock, RelayAuthConfig config) {
    this.ids = ids;
    this.clock = clock;
    this.source = "/relayauth/" + config.service();
  }

  /** A record of something nobody asked for, such as an expiry. */
  public AuditDraft draft(String action, String orgId) {
    return new AuditDraft(ids.next(IdPrefix.AUDIT), action, orgId, clock.instant());
  }

  /** A record of what the caller of a request did in {@code orgId}: the request's own. */
  public AuditDraft draft(String action, String orgId, CurrentRequest request) {
    String trace = Traceparent.traceId(request.traceparent()).orElse(null);
    AuditDraft draft =
        draft(action, orgId).origin(request.ip(), request.userAgent(), request.id(), trace);
    request.find().ifPresent(caller -> describe(draft, caller));
    request
        .onBehalf()
        .ifPresent(
            author ->
                draft
                    .origin(author.ip(), author.userAgent(), author.requestId(), trace)
                    .with("actorId", author.actorId()));
    request.described(draft);
    return draft;
  }

  private static void describe(AuditDraft draft, Caller caller) {
    draft.with("actorId", caller.actorId());
    switch (caller) {
      case Caller.Bearer bearer -> {
        draft.with("credential", "bearer").with("actorTokenId", bearer.token().claims().jti());
        draft.subject(null, bearer.sponsorChain()).sponsor(bearer.sponsorId());
      }
      case Caller.KeyHolder holder -> {
        draft.with("credential", holder.key().kind().name()).with("apiKeyId", holder.key().id());
        draft.subject(null, holder.sponsorChain()).sponsor(holder.sponsorId());
      }
      case Caller.Platform ignored -> draft.with("credential", "platform_key");
    }
  }

  /** Appends a record to a transaction: it commits with it, or not at all. */
  public void append(Transaction transaction, AuditRecord auditRecord, @Nullable String trace) {
    transaction.publish(event(auditRecord, trace), json(auditRecord));
  }

  /** The JSON of a record, as its event carries it. */
  public byte[] json(AuditRecord auditRecord) {
    return AuditRecordJson.write(auditRecord, auditRecord.timestamp().toString());
  }

  /** Appends a record of a request to a transaction. */
  public void append(Transaction transaction, AuditDraft draft, CurrentRequest request) {
    append(transaction, draft.build(), request.traceparent());
  }

  /** The outbox event of a record. */
  public OutboxEvent event(AuditRecord auditRecord, @Nullable String trace) {
    return new OutboxEvent(
        Topics.AUDIT,
        auditRecord.orgId(),
        auditRecord.id(),
        source,
        auditRecord.eventType(),
        auditRecord.subject(),
        auditRecord.timestamp(),
        trace);
  }
}
