package dev.relayauth.policy.adapter.http;

import dev.relayauth.common.audit.AuditEmitter;
import dev.relayauth.common.audit.AuditRecords;
import dev.relayauth.common.credential.Caller;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.event.AuditRecord.Result;
import dev.relayauth.common.event.Topics;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.outbox.StorageException;
import dev.relayauth.common.outbox.Transactions;
import dev.relayauth.common.projection.Feeds;
import dev.relayauth.common.scope.Scope;
import dev.relayauth.policy.domain.administration.Authorship;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What every write of a rule has in common. Blocking. */
@Singleton
public final class AdministrativeWrites {
  private static final Duration OWN_WRITE = Duration.ofSeconds(1);

  private final Transactions transactions;
  private final Feeds feeds;
  private final CurrentRequest request;
  private final AuditRecords records;
  private final AuditEmitter emitter;

  AdministrativeWrites(
      Transactions transactions,
      Feeds feeds,
      CurrentRequest request,
      AuditRecords records,
      AuditEmitter emitter) {
    this.transactions = transactions;
    this.feeds = feeds;
    this.request = request;
    this.records = records;
    this.emitter = emitter;
  }

  /**
   * Commits a write with its events and has the answer carry its revision. Returns once this
   * replica decides by it, or after a second: the write holds all the same.
   */
  <T> T commit(Transactions.Work<T> work) {
    Transactions.Committed<T> committed;
    try {
      committed = transactions.write(work);
    } catch (StorageException e) {
      if (e.isUniqueViolation()) {
        throw new RefusedException(ErrorCode.CONFLICT, "the name is taken");
      }
      throw e;
    }
    request.wrote(committed.sequence());
    awaitHere(Topics.POLICY, committed.sequence());
    return committed.value();
  }

  /** Waits, bounded, until this replica has applied a sequence of a feed. */
  private void awaitHere(String topic, long sequence) {
    feeds.find(topic).ifPresent(feed -> feed.applied().await(sequence, OWN_WRITE).join());
  }

  /** Refuses, on record, what the caller does not hold. */
  void requireHeld(Caller.Tenant author, List<String> scopes) {
    requireHeld(author, scopes, author.sponsorChain());
  }

  /** The same, of what is given to the last of a chain. */
  void requireHeld(Caller.Tenant author, List<String> scopes, List<String> actedOn) {
    Scope lacking = Authorship.firstNotHeld(author.scopes(), scopes).orElse(null);
    if (lacking != null) {
      throw escalation(author, lacking, "the caller", actedOn);
    }
  }

  /** Puts an escalation on record, and says what to answer; {@code who} lacks the scope. */
  RefusedException escalation(Caller.Tenant author, Scope lacking, String who) {
    return escalation(author, lacking, who, author.sponsorChain());
  }

  /** A chain of one is a human's alone: no agent is acted on then. */
  private RefusedException escalation(
      Caller.Tenant author, Scope lacking, String who, List<String> actedOn) {
    emitter.offer(
        records
            .draft("scope.escalation_denied", author.org(), request)
            .subject(actedOn.size() > 1 ? actedOn.getLast() : null, actedOn)
            .scope(lacking)
            .result(Result.denied)
            .with("reason", ErrorCode.SCOPE_ESCALATION.slug())
            .build(),
        request.traceparent());
    return new RefusedException(
        ErrorCode.SCOPE_ESCALATION,
        "nobody grants what they lack: " + who + " doesn't hold " + lacking.raw(),
        Map.of("required", lacking.raw(), "actual", author.scopes().toList()));
  }

  /** Refuses a body that names another organisation than the credential's. */
  static void requireOwn(@Nullable String orgId, Caller.Tenant tenant) {
    if (orgId != null && !orgId.equals(tenant.org())) {
      throw new RefusedException(
          ErrorCode.ORG_MISMATCH, "orgId is not the organisation of your credential");
    }
  }

  /** A body that must be there. */
  public static <T> T require(@Nullable T body) {
    if (body == null) {
      throw new RefusedException(ErrorCode.VALIDATION_FAILED, "a JSON body is required");
    }
    return body;
  }
}
