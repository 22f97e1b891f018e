package dev.relayauth.token.adapter.http;

import dev.relayauth.common.audit.AuditRecords;
import dev.relayauth.common.credential.Caller;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.event.ApiKeyState;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.http.RequiresScope;
import dev.relayauth.common.http.Violations;
import dev.relayauth.common.http.WorkspaceTokenOnly;
import dev.relayauth.common.scope.ScopeSet;
import dev.relayauth.common.token.JwtType;
import dev.relayauth.token.domain.issuing.Addressees;
import dev.relayauth.token.domain.issuing.Delegation;
import dev.relayauth.token.domain.issuing.Derivation;
import dev.relayauth.token.domain.issuing.IssueRequest;
import dev.relayauth.token.domain.issuing.PathBoundary;
import dev.relayauth.token.domain.issuing.TokenClass;
import io.quarkus.arc.ClientProxy;
import io.smallrye.common.annotation.NonBlocking;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Short pairs for the agents of one workspace, of no more than its token or API key may do. */
@Path("/v1/tokens")
public final class DelegatedTokenResource {
  private static final Duration LONGEST_ACCESS = Duration.ofHours(1);

  private final FreshFeeds feeds;
  private final IssuingCredential credentials;
  private final IssueFlow flow;
  private final AuditRecords records;
  private final CurrentRequest request;
  private final InstantSource clock;

  DelegatedTokenResource(
      FreshFeeds feeds,
      IssuingCredential credentials,
      IssueFlow flow,
      AuditRecords records,
      CurrentRequest request,
      InstantSource clock) {
    this.feeds = feeds;
    this.credentials = credentials;
    this.flow = flow;
    this.records = records;
    this.request = request;
    this.clock = clock;
  }

  private record Origin(
      Caller.Tenant caller, String workspace, TokenClass tokenClass, Optional<ScopeSet> within) {
    /** The workspace token that asks, when one does. */
    Optional<ApiKeyState> workspaceToken() {
      return caller instanceof Caller.KeyHolder holder && holder.isWorkspaceToken()
          ? Optional.of(holder.key())
          : Optional.empty();
    }
  }

  /** A pair for an agent. */
  @POST
  @Path("/agent")
  @NonBlocking
  @WorkspaceTokenOnly
  public CompletionStage<Response> agent(@Nullable DelegatedBody sent) {
    long rev = feeds.rev();
    DelegatedBody body = Answers.required(sent);
    return issue(body, rev, origin(TokenClass.AGENT, Optional.empty()));
  }

  /** A pair for an agent, on some paths alone. */
  @POST
  @Path("/path")
  @NonBlocking
  @WorkspaceTokenOnly
  public CompletionStage<Response> path(@Nullable DelegatedBody sent) {
    long rev = feeds.rev();
    DelegatedBody body = Answers.required(sent);
    return issue(body, rev, origin(TokenClass.PATH, Optional.of(within(body))));
  }

  /** The same by an API key, without a workspace token between. */
  @POST
  @Path("/workspace-path")
  @NonBlocking
  @RequiresScope({"relayauth:api-key:manage", "relayauth:token:create"})
  public CompletionStage<Response> workspacePath(@Nullable DelegatedBody sent) {
    long rev = feeds.rev();
    DelegatedBody body = Answers.required(sent);
    new Violations().text(body.workspaceId(), "/workspaceId").throwIfAny();
    String workspace = Answers.required(body.workspaceId());
    return issue(
        body,
        rev,
        new Origin(request.tenant(), workspace, TokenClass.PATH, Optional.of(within(body))));
  }

  private static ScopeSet within(DelegatedBody body) {
    new Violations().list(body.paths(), "/paths", ScopeSet.MAX_SIZE).throwIfAny();
    return Answers.orThrow(PathBoundary.of(body.pathsOrNone()));
  }

  private Origin origin(TokenClass tokenClass, Optional<ScopeSet> within) {
    Caller.Tenant caller = request.tenant();
    if (caller instanceof Caller.KeyHolder holder && holder.key().workspaceId() != null) {
      return new Origin(caller, holder.key().workspaceId(), tokenClass, within);
    }
    throw new RefusedException(
        ErrorCode.WORKSPACE_TOKEN_REQUIRED, "this route takes a workspace token only");
  }

  private CompletionStage<Response> issue(DelegatedBody body, long rev, Origin origin) {
    IssueRequest wanted = body.toRequest(clock.instant());
    if (body.workspaceId() != null && !body.workspaceId().equals(origin.workspace())) {
      throw new RefusedException(
          ErrorCode.VALIDATION_FAILED, "/workspaceId is not the workspace token's");
    }
    String org = origin.caller().org();
    CurrentRequest current = ClientProxy.unwrap(request);
    IssueFlow.Order order =
        new IssueFlow.Order(
            org,
            Answers.required(body.agentId()),
            wanted,
            delegation(body, origin),
            () -> credentials.of(origin.caller()),
            rev,
            () ->
                records
                    .draft("token.issued", org, current)
                    .with("tokenClass", origin.tokenClass().wireName()),
            Optional.of(origin.workspace()),
            Optional.ofNullable(request.traceparent()),
            Optional.ofNullable(request.ip()));
    request.wrote(0);
    return flow.issue(order, origin.caller()).thenApply(issuance -> Answers.pair(201, issuance));
  }

  private static Delegation delegation(DelegatedBody body, Origin origin) {
    Optional<ApiKeyState> token = origin.workspaceToken();
    List<String> paths = origin.within().isPresent() ? body.pathsOrNone() : List.of();
    Stream<Instant> tokenEnd = token.flatMap(key -> Optional.ofNullable(key.expiresAt())).stream();
    return new Delegation(
        new Derivation(
            token.map(ApiKeyState::id).orElse(null),
            origin.tokenClass(),
            paths,
            null,
            origin.caller().mayAct(),
            null),
        JwtType.JWT,
        true,
        Optional.of(origin.workspace()),
        Optional.empty(),
        origin.within(),
        Stream.concat(tokenEnd, body.notAfter().stream()).min(Comparator.naturalOrder()),
        Optional.of(LONGEST_ACCESS),
        Addressees.ANY);
  }
}
