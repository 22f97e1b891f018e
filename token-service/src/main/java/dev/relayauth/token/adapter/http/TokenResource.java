package dev.relayauth.token.adapter.http;

import dev.relayauth.common.audit.AuditDraft;
import dev.relayauth.common.audit.AuditRecords;
import dev.relayauth.common.credential.Caller;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.http.RequiresScope;
import dev.relayauth.common.id.IdFormat;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.token.TokenSigner;
import dev.relayauth.token.adapter.kafka.IdentityChains;
import dev.relayauth.token.adapter.kafka.OrganizationProjection;
import dev.relayauth.token.adapter.postgres.GroupCommit;
import dev.relayauth.token.adapter.postgres.KeyRefresh;
import dev.relayauth.token.adapter.postgres.QueueFullException;
import dev.relayauth.token.domain.issuing.Chain;
import dev.relayauth.token.domain.issuing.Credential;
import dev.relayauth.token.domain.issuing.Issuance;
import dev.relayauth.token.domain.issuing.IssueRequest;
import dev.relayauth.token.domain.issuing.TokenIssuer;
import io.smallrye.common.annotation.NonBlocking;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Issues tokens. Decided on the event loop; answered once the issue is committed. */
@Path("/v1/tokens")
public final class TokenResource {
  private final FreshFeeds feeds;
  private final IssuingCredential credentials;
  private final IdentityChains chains;
  private final OrganizationProjection organizations;
  private final KeyRefresh keys;
  private final TokenIssuer issuer;
  private final GroupCommit commits;
  private final AuditRecords records;
  private final CurrentRequest request;

  TokenResource(
      FreshFeeds feeds,
      IssuingCredential credentials,
      IdentityChains chains,
      OrganizationProjection organizations,
      KeyRefresh keys,
      TokenIssuer issuer,
      GroupCommit commits,
      AuditRecords records,
      CurrentRequest request) {
    this.feeds = feeds;
    this.credentials = credentials;
    this.chains = chains;
    this.organizations = organizations;
    this.keys = keys;
    this.issuer = issuer;
    this.commits = commits;
    this.records = records;
    this.request = request;
  }

  /** What one issue carries from step to step. */
  private record Work(
      IssueRequest wanted, Credential credential, long rev, AuditDraft draft, Trace trace) {}

  private record Trace(@Nullable String parent) {}

  /** Issues a pair for an identity of the caller's organisation. */
  @POST
  @NonBlocking
  @RequiresScope("relayauth:token:create")
  public CompletionStage<Response> issue(@Nullable IssueBody sent) {
    long rev = feeds.rev();
    Caller.Tenant caller = request.tenant();
    IssueBody body = Answers.required(sent);
    IssueRequest wanted = body.toRequest();
    String org = caller.org();
    if (body.orgId() != null && !body.orgId().equals(org)) {
      throw new RefusedException(ErrorCode.ORG_MISMATCH, "orgId is not the credential's");
    }
    String id = identityId(body);
    Work work =
        new Work(
            wanted,
            credentials.of(caller),
            rev,
            records.draft("token.issued", org, request),
            new Trace(request.traceparent()));
    // Nothing of an issue goes into a feed that anyone could wait for.
    request.wrote(0);
    return chains
        .find(org, id)
        .thenCombine(
            keys.signer(organizations.algorithm(org)),
            (chain, signer) -> decide(work, org, chain, signer))
        .thenCompose(
            issuance ->
                commits
                    .commit(issuance, record(work, issuance).build(), work.trace().parent())
                    .exceptionally(TokenResource::refuse)
                    .thenApply(done -> Answers.pair(201, issuance)));
  }

  private Issuance decide(Work work, String org, Optional<Chain> chain, TokenSigner signer) {
    Chain found = chain.orElseThrow(TokenResource::notFound);
    return Answers.orThrow(
        issuer.issue(
            work.wanted(),
            new TokenIssuer.Basis(
                found, work.credential(), organizations.settings(org), signer, work.rev())));
  }

  private static AuditDraft record(Work work, Issuance issuance) {
    var session = issuance.session();
    return work.draft()
        .subject(session.identityId(), session.sponsorChain())
        .workspace(session.workspaceId())
        .token(issuance.token().jti())
        .with("sessionId", session.sid())
        .with("scopes", String.join(" ", session.scopes()))
        .with("audience", String.join(" ", session.audience()))
        .with("expiresAt", issuance.token().expiresAt().toString());
  }

  private static String identityId(IssueBody body) {
    String id = Answers.required(body.identityId());
    if (!IdFormat.isValid(IdPrefix.IDENTITY, id)) {
      throw notFound();
    }
    return id;
  }

  private static RefusedException notFound() {
    return new RefusedException(ErrorCode.IDENTITY_NOT_FOUND, "there is no such identity");
  }

  private static Void refuse(Throwable failure) {
    Throwable cause = failure instanceof CompletionException e ? e.getCause() : failure;
    if (cause instanceof QueueFullException) {
      throw new RefusedException(
          ErrorCode.STORAGE_UNAVAILABLE, "more is being issued than can be stored; try again");
    }
    throw cause instanceof RuntimeException e ? e : new CompletionException(failure);
  }
}
