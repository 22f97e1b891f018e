package dev.relayauth.token.adapter.http;

import dev.relayauth.common.audit.AuditRecords;
import dev.relayauth.common.credential.Caller;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.token.domain.issuing.Delegation;
import dev.relayauth.token.domain.issuing.Issuance;
import dev.relayauth.token.domain.issuing.IssueRequest;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What an issue by an organisation's credential comes to, whichever way the request took. */
@Singleton
final class Issuing {
  private final FreshFeeds feeds;
  private final IssuingCredential credentials;
  private final IssueFlow flow;
  private final AuditRecords records;

  Issuing(FreshFeeds feeds, IssuingCredential credentials, IssueFlow flow, AuditRecords records) {
    this.feeds = feeds;
    this.credentials = credentials;
    this.flow = flow;
    this.records = records;
  }

  /**
   * Completes with the pair once it is committed; throws or fails with what to answer otherwise.
   *
   * @param request the request itself, no proxy: a second try may go on where no scope is active
   */
  CompletableFuture<Issuance> issue(@Nullable IssueBody sent, CurrentRequest request) {
    long rev = feeds.rev();
    Caller.Tenant caller = request.tenant();
    IssueBody body = Answers.required(sent);
    IssueRequest wanted = body.toRequest();
    String org = caller.org();
    if (body.orgId() != null && !body.orgId().equals(org)) {
      throw new RefusedException(ErrorCode.ORG_MISMATCH, "orgId is not the credential's");
    }
    IssueFlow.Order order =
        new IssueFlow.Order(
            org,
            Answers.required(body.identityId()),
            wanted,
            Delegation.NONE.withMayAct(actors(caller, body.actors())),
            () -> credentials.of(caller),
            rev,
            () -> records.draft("token.issued", org, request),
            Optional.empty(),
            Optional.ofNullable(request.traceparent()),
            Optional.ofNullable(request.ip()));
    // Nothing of an issue goes into a feed that anyone could wait for.
    request.wrote(0);
    return flow.issue(order, caller);
  }

  /** Who may act is said once (RFC 8693 §4.4): what a token issues may name fewer, never others. */
  private static List<String> actors(Caller.Tenant caller, List<String> wanted) {
    List<String> named = caller.mayAct();
    if (named.isEmpty() || wanted.isEmpty()) {
      return named.isEmpty() ? wanted : named;
    }
    if (!named.containsAll(wanted)) {
      throw new RefusedException(
          ErrorCode.SCOPE_ESCALATION, "mayAct names others than the credential's own may_act");
    }
    return wanted;
  }
}
