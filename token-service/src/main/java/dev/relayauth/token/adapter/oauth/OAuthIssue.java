package dev.relayauth.token.adapter.oauth;

import dev.relayauth.common.audit.AuditDraft;
import dev.relayauth.common.audit.AuditRecords;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.token.adapter.http.Answers;
import dev.relayauth.token.adapter.http.IssueFlow;
import dev.relayauth.token.domain.issuing.Chain;
import dev.relayauth.token.domain.issuing.Credential;
import dev.relayauth.token.domain.issuing.Delegation;
import dev.relayauth.token.domain.issuing.Issuance;
import dev.relayauth.token.domain.issuing.IssueRequest;
import io.quarkus.arc.ClientProxy;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Every issue of the token endpoint goes the way of all issues. Blocking. */
@Singleton
final class OAuthIssue {
  private final IssueFlow flow;
  private final AuditRecords records;
  private final CurrentRequest request;

  OAuthIssue(IssueFlow flow, AuditRecords records, CurrentRequest request) {
    this.flow = flow;
    this.records = records;
    this.request = request;
  }

  /**
   * What is to be issued.
   *
   * @param action the name of its audit record
   */
  record Wanted(
      String action,
      String org,
      String identityId,
      IssueRequest request,
      Delegation delegation,
      Supplier<Credential> credential,
      long rev) {}

  /** The pair, once it is committed; for an identity. */
  Issuance issue(Wanted wanted, UnaryOperator<AuditDraft> describe) {
    request.wrote(0);
    return Answers.await(flow.issue(order(wanted, describe)));
  }

  /** The same for a chain that is known already. */
  Issuance issue(
      Wanted wanted, Supplier<Optional<Chain>> chain, UnaryOperator<AuditDraft> describe) {
    request.wrote(0);
    return Answers.await(
        flow.issue(order(wanted, describe), () -> CompletableFuture.completedFuture(chain.get())));
  }

  private IssueFlow.Order order(Wanted wanted, UnaryOperator<AuditDraft> describe) {
    CurrentRequest current = ClientProxy.unwrap(request);
    return new IssueFlow.Order(
        wanted.org(),
        wanted.identityId(),
        wanted.request(),
        wanted.delegation(),
        wanted.credential(),
        wanted.rev(),
        () -> describe.apply(records.draft(wanted.action(), wanted.org(), current)),
        Optional.empty(),
        Optional.ofNullable(request.traceparent()),
        Optional.ofNullable(request.ip()));
  }
}
