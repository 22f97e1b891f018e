package dev.relayauth.token.adapter.http;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.relayauth.common.audit.OnBehalf;
import dev.relayauth.common.credential.Caller;
import dev.relayauth.common.credential.Maker;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.event.ApiKeyState;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.http.RequiresScope;
import dev.relayauth.common.http.Violations;
import dev.relayauth.common.internal.InternalClient;
import dev.relayauth.common.internal.ServiceUnavailableException;
import dev.relayauth.common.json.Json;
import dev.relayauth.common.scope.ScopeSet;
import dev.relayauth.token.domain.issuing.Refusal;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Workspace tokens: keys of the identity service that issue short pairs and do nothing else. */
@Path("/v1/tokens/workspace")
public final class WorkspaceTokenResource {
  private static final Duration FARTHEST = Duration.ofDays(36_500);
  private static final String DEFAULT_NAME = "workspace token";

  private final InternalClient client;
  private final CurrentRequest request;
  private final InstantSource clock;

  WorkspaceTokenResource(InternalClient client, CurrentRequest request, InstantSource clock) {
    this.client = client;
    this.request = request;
    this.clock = clock;
  }

  /** What a client asks for. */
  record Body(
      @JsonAlias("workspace_id") @Nullable String workspaceId,
      @Nullable String name,
      @Nullable List<String> scopes,
      @JsonAlias("expires_at") @Nullable Instant expiresAt) {}

  /** What the identity service's internal route takes. */
  record Draft(
      String orgId,
      ApiKeyState.Kind kind,
      String name,
      List<String> scopes,
      String sponsorId,
      @Nullable String identityId,
      String workspaceId,
      @Nullable Instant expiresAt,
      OnBehalf author,
      Maker maker) {}

  /** What it answers. */
  record CreatedKey(ApiKeyState apiKey, String key) {
    @Override
    public String toString() {
      return "CreatedKey[" + apiKey + "]";
    }
  }

  private record Problem(@Nullable String code, @Nullable String detail) {}

  /** A workspace token as clients read it. */
  record View(
      String id,
      String kind,
      @Nullable String workspaceId,
      String prefix,
      String name,
      List<String> scopes,
      Instant createdAt,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Instant expiresAt,
      boolean revoked) {
    static View of(ApiKeyState key) {
      return new View(
          key.id(),
          key.kind().name(),
          key.workspaceId(),
          key.prefix(),
          key.name(),
          key.scopes(),
          key.createdAt(),
          key.expiresAt(),
          key.revokedAt() != null);
    }
  }

  /** The answer; the key shows here and never again. */
  record Created(View workspaceToken, String key) {
    @Override
    public String toString() {
      return "Created[" + workspaceToken.id() + "]";
    }
  }

  /**
   * Makes a workspace token of at most the caller's scopes, of all of them when none are named, and
   * of at most the caller's life.
   */
  @POST
  @RunOnVirtualThread
  @RequiresScope("relayauth:api-key:manage")
  public Response create(@Nullable Body sent) {
    Caller.Tenant caller = request.tenant();
    Body body = Answers.required(sent);
    new Violations()
        .text(body.workspaceId(), "/workspaceId")
        .optionalText(body.name(), "/name", Violations.MAX_NAME)
        .list(body.scopes(), "/scopes", ScopeSet.MAX_SIZE)
        .check(
            body.expiresAt() == null || isAhead(body.expiresAt(), clock.instant()),
            "/expiresAt",
            "must be in the future, within 100 years")
        .throwIfAny();
    ScopeSet scopes = scopes(body.scopes(), caller);
    CreatedKey created =
        create(
            new Draft(
                caller.org(),
                ApiKeyState.Kind.workspace_token,
                body.name() == null || body.name().isBlank() ? DEFAULT_NAME : body.name(),
                scopes.toList(),
                caller.sponsorId(),
                caller.sponsorChain().size() > 1 ? caller.sponsorChain().getLast() : null,
                Answers.required(body.workspaceId()),
                body.expiresAt(),
                request.author(caller.actorId()),
                Maker.of(caller)));
    request.recordedElsewhere();
    request.wrote(0);
    return Response.status(201)
        .type(MediaType.APPLICATION_JSON_TYPE)
        .header(HttpHeaders.CACHE_CONTROL, "no-store")
        .entity(new Created(View.of(created.apiKey()), created.key()))
        .build();
  }

  private static boolean isAhead(Instant end, Instant now) {
    return end.isAfter(now) && end.isBefore(now.plus(FARTHEST));
  }

  private static ScopeSet scopes(@Nullable List<String> named, Caller.Tenant caller) {
    ScopeSet scopes = named == null ? caller.scopes() : ScopeSet.of(named);
    if (scopes.isEmpty()) {
      throw new RefusedException(
          ErrorCode.INSUFFICIENT_SCOPE,
          "a workspace token needs a scope",
          Map.of("required", "any scope", "actual", caller.scopes().toList()));
    }
    caller
        .scopes()
        .firstNotCovered(scopes)
        .ifPresent(
            excess -> {
              throw Answers.refused(
                  Refusal.lacking(excess, caller.scopes(), "the presented credential"));
            });
    return scopes;
  }

  private CreatedKey create(Draft draft) {
    InternalClient.Reply reply =
        client.await(client.post("identity", "/internal/v1/api-keys", draft));
    if (reply.isSuccess()) {
      return Json.read(reply.body(), CreatedKey.class);
    }
    if (reply.status() / 100 != 4) {
      throw new ServiceUnavailableException("identity answered " + reply.status());
    }
    Problem problem = Json.read(reply.body(), Problem.class);
    throw new RefusedException(
        Arrays.stream(ErrorCode.values())
            .filter(code -> code.slug().equals(problem.code()))
            .findFirst()
            .orElse(ErrorCode.VALIDATION_FAILED),
        problem.detail() == null ? "the identity service refuses it" : problem.detail());
  }
}
