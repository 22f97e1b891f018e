package dev.relayauth.identity.adapter.http;

import com.fasterxml.jackson.annotation.JsonAlias;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.event.BudgetLimits;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.http.Cursor;
import dev.relayauth.common.http.Page;
import dev.relayauth.common.http.RequiresScope;
import dev.relayauth.common.http.Violations;
import dev.relayauth.common.scope.ScopeSet;
import dev.relayauth.identity.adapter.postgres.IdempotentCreation;
import dev.relayauth.identity.adapter.postgres.IdentityAdministration;
import dev.relayauth.identity.adapter.postgres.IdentityAdministration.Written;
import dev.relayauth.identity.adapter.postgres.IdentityPatch;
import dev.relayauth.identity.adapter.postgres.IdentityStore;
import dev.relayauth.identity.adapter.postgres.LifecycleAdministration;
import dev.relayauth.identity.domain.lifecycle.Transition;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code /v1/identities}: agents with a lifecycle, each traced to a human. */
@Path("/v1/identities")
@RunOnVirtualThread
public final class IdentityResource {
  private final IdentityAdministration identities;
  private final LifecycleAdministration lifecycle;
  private final IdempotentCreation creation;
  private final CurrentRequest request;
  private final Revision revision;
  private final InstantSource clock;

  IdentityResource(
      IdentityAdministration identities,
      LifecycleAdministration lifecycle,
      IdempotentCreation creation,
      CurrentRequest request,
      Revision revision,
      InstantSource clock) {
    this.identities = identities;
    this.lifecycle = lifecycle;
    this.creation = creation;
    this.request = request;
    this.revision = revision;
    this.clock = clock;
  }

  /** What a patch may change; at least one member. */
  public record PatchBody(
      @Nullable String name,
      @Nullable List<String> scopes,
      @Nullable Map<String, @Nullable String> metadata,
      @Nullable BudgetLimits budget,
      @JsonAlias("expires_at") @Nullable Instant expiresAt,
      @JsonAlias("org_id") @Nullable String orgId) {

    IdentityPatch patch(Instant now) {
      Violations violations =
          Bodies.end(new Violations(), expiresAt, now)
              .check(
                  name != null
                      || scopes != null
                      || (metadata != null && !metadata.isEmpty())
                      || budget != null
                      || expiresAt != null,
                  "",
                  "name, scopes, metadata, budget or expiresAt is required")
              .check(name == null || !name.isBlank(), "/name", "must not be blank")
              .optionalText(name, "/name", Violations.MAX_NAME)
              .list(scopes, "/scopes", ScopeSet.MAX_SIZE)
              .check(
                  metadata == null || metadata.size() <= Violations.MAX_METADATA,
                  "/metadata",
                  "may have 32 entries at most")
              .check(
                  metadata == null
                      || metadata.entrySet().stream()
                          .allMatch(e -> isShort(e.getKey()) && isShort(e.getValue())),
                  "/metadata",
                  "may have keys and values of 1024 bytes of UTF-8 at most");
      IdentityBody.budget(violations, budget).throwIfAny();
      return new IdentityPatch(name, scopes, null, metadata, budget, expiresAt);
    }

    private static boolean isShort(@Nullable String text) {
      return text == null || Violations.isMetadataText(text);
    }
  }

  /** Why an identity is suspended. */
  public record Reason(@Nullable String reason) {}

  /** Creates an identity. */
  @POST
  @RequiresScope("relayauth:identity:manage")
  public Response create(
      IdentityBody body, @HeaderParam("Idempotency-Key") @Nullable String idempotencyKey) {
    return create(body, null, idempotencyKey);
  }

  /** Creates a sub-agent. */
  @POST
  @Path("/{id}/sub-agents")
  @RequiresScope("relayauth:identity:manage")
  public Response createSubAgent(
      String id,
      IdentityBody body,
      @HeaderParam("Idempotency-Key") @Nullable String idempotencyKey) {
    return create(body, id, idempotencyKey);
  }

  /** A page of identities. */
  @GET
  @RequiresScope("relayauth:identity:read")
  public Page<IdentityView> list(@BeanParam IdentityQuery query) {
    return page(query, null);
  }

  /** A page of the identities directly under one. */
  @GET
  @Path("/{id}/sub-agents")
  @RequiresScope("relayauth:identity:read")
  public Page<IdentityView> listSubAgents(String id, @BeanParam IdentityQuery query) {
    identities.get(request.tenant().org(), id);
    return page(query, id);
  }

  /** One identity, with its version as ETag. */
  @GET
  @Path("/{id}")
  @RequiresScope("relayauth:identity:read")
  public Response get(String id) {
    return answer(200, identities.get(request.tenant().org(), id));
  }

  /** Changes an identity; {@code If-Match} refuses when it has changed meanwhile. */
  @PATCH
  @Path("/{id}")
  @RequiresScope("relayauth:identity:manage")
  public Response patch(
      String id, PatchBody body, @HeaderParam("If-Match") @Nullable String ifMatch) {
    Bodies.required(body);
    Bodies.sameOrganization(body.orgId(), request.tenant());
    return written(
        200,
        identities.patch(id, body.patch(clock.instant()), EntityTags.version(ifMatch), request));
  }

  /** Deletes an identity and its tree. */
  @DELETE
  @Path("/{id}")
  @RequiresScope("relayauth:identity:manage")
  public Response delete(
      String id, @HeaderParam("X-Confirm-Delete") @Nullable String confirmation) {
    if (!"true".equals(confirmation)) {
      throw new RefusedException(
          ErrorCode.VALIDATION_FAILED, "send X-Confirm-Delete: true to delete an identity");
    }
    Written written = lifecycle.apply(id, Transition.DELETE, null, request);
    revision.wrote(written.sequence(), written.revocation());
    return Response.noContent().build();
  }

  /** Suspends an identity and its tree, and kills their tokens. */
  @POST
  @Path("/{id}/suspend")
  @RequiresScope("relayauth:identity:manage")
  public Response suspend(String id, Reason body) {
    Bodies.required(body);
    new Violations().text(body.reason(), "/reason").throwIfAny();
    return written(200, lifecycle.apply(id, Transition.SUSPEND, body.reason(), request));
  }

  /** Reactivates an identity and those that were suspended with it; no token comes back. */
  @POST
  @Path("/{id}/reactivate")
  @RequiresScope("relayauth:identity:manage")
  public Response reactivate(String id) {
    return written(200, lifecycle.apply(id, Transition.REACTIVATE, null, request));
  }

  /** Retires an identity and its tree for good. */
  @POST
  @Path("/{id}/retire")
  @RequiresScope("relayauth:identity:manage")
  public Response retire(String id) {
    return written(200, lifecycle.apply(id, Transition.RETIRE, null, request));
  }

  private Response create(
      IdentityBody body, @Nullable String parent, @Nullable String idempotencyKey) {
    Bodies.required(body);
    Bodies.sameOrganization(body.orgId(), request.tenant());
    Written written = creation.create(body.draft(parent, clock.instant()), idempotencyKey, request);
    return written(201, written);
  }

  private Page<IdentityView> page(IdentityQuery query, @Nullable String parent) {
    String org = request.tenant().org();
    IdentityStore.Filter filter = query.filter(org, parent);
    return Page.of(
        identities.list(org, filter),
        filter.limit(),
        query.list(org, parent),
        IdentityView::of,
        view -> new Cursor(view.state().createdAt(), view.state().id()));
  }

  private Response written(int status, Written written) {
    revision.wrote(written.sequence(), written.revocation());
    return answer(status, written.view());
  }

  private static Response answer(int status, IdentityAdministration.View view) {
    return Response.status(status)
        .header("ETag", EntityTags.of(view.version()))
        .entity(IdentityView.of(view))
        .build();
  }

  /** The status filter, spelled as on the wire. */
  static boolean isStatus(String text) {
    return !text.equals(IdentityState.Status.deleted.name())
        && java.util.Arrays.stream(IdentityState.Status.values())
            .anyMatch(status -> status.name().equals(text));
  }
}
