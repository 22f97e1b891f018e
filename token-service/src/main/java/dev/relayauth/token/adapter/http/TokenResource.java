package dev.relayauth.token.adapter.http;

import dev.relayauth.common.audit.AuditRecords;
import dev.relayauth.common.credential.Caller;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.http.RequiresScope;
import dev.relayauth.token.domain.issuing.Delegation;
import dev.relayauth.token.domain.issuing.IssueRequest;
import io.quarkus.arc.ClientProxy;
import io.smallrye.common.annotation.NonBlocking;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Issues tokens. Decided on the event loop; answered once the issue is committed. */
@Path("/v1/tokens")
public final class TokenResource {
  private final FreshFeeds feeds;
  private final IssuingCredential credentials;
  private final IssueFlow flow;
  private final AuditRecords records;
  private final CurrentRequest request;

  TokenResource(
      FreshFeeds feeds,
      IssuingCredential credentials,
      IssueFlow flow,
      AuditRecords records,
      CurrentRequest request) {
    this.feeds = feeds;
    this.credentials = credentials;
    this.flow = flow;
    this.records = records;
    this.request = request;
  }

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
    // A second try may go on where no scope is active.
    CurrentRequest current = ClientProxy.unwrap(request);
    IssueFlow.Order order =
        new IssueFlow.Order(
            org,
            Answers.required(body.identityId()),
            wanted,
            Delegation.NONE.withMayAct(body.actors()),
            () -> credentials.of(caller),
            rev,
            () -> records.draft("token.issued", org, current),
            Optional.empty(),
            Optional.ofNullable(request.traceparent()),
            Optional.ofNullable(request.ip()));
    // Nothing of an issue goes into a feed that anyone could wait for.
    request.wrote(0);
    return flow.issue(order, caller).thenApply(issuance -> Answers.pair(201, issuance));
  }
}
