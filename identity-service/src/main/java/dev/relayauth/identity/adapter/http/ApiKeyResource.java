package dev.relayauth.identity.adapter.http;

import com.fasterxml.jackson.annotation.JsonAlias;
import dev.relayauth.common.credential.Caller;
import dev.relayauth.common.event.ApiKeyState;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.http.Cursor;
import dev.relayauth.common.http.Page;
import dev.relayauth.common.http.RequiresScope;
import dev.relayauth.common.http.Violations;
import dev.relayauth.common.json.Lifetime;
import dev.relayauth.common.scope.ScopeSet;
import dev.relayauth.identity.adapter.postgres.ApiKeyAdministration;
import dev.relayauth.identity.adapter.postgres.ApiKeyStore;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** {@code /v1/api-keys}: the secret is shown once. */
@Path("/v1/api-keys")
@RunOnVirtualThread
public final class ApiKeyResource {
  private static final Duration OVERLAP = Duration.ofDays(1);
  private static final Duration MAX_OVERLAP = Duration.ofDays(30);
  private final ApiKeyAdministration administration;
  private final CurrentRequest request;
  private final InstantSource clock;

  ApiKeyResource(ApiKeyAdministration administration, CurrentRequest request, InstantSource clock) {
    this.administration = administration;
    this.request = request;
    this.clock = clock;
  }

  /** What may be set. */
  public record Body(
      @Nullable String name,
      @Nullable List<String> scopes,
      @JsonAlias("expires_at") @Nullable Instant expiresAt,
      @JsonAlias("sponsor_id") @Nullable String sponsorId,
      @JsonAlias("identity_id") @Nullable String identityId,
      @JsonAlias("org_id") @Nullable String orgId) {}

  /** A key as clients see it. */
  public record View(
      String id,
      String orgId,
      String prefix,
      String name,
      List<String> scopes,
      String sponsorId,
      @Nullable String identityId,
      @Nullable String workspaceId,
      String kind,
      Instant createdAt,
      @Nullable Instant expiresAt,
      @Nullable Instant lastUsedAt,
      @Nullable String replacedBy,
      boolean revoked) {
    static View of(ApiKeyState k) {
      return of(new ApiKeyStore.Stored(k, null, null));
    }

    static View of(ApiKeyStore.Stored stored) {
      ApiKeyState k = stored.state();
      return new View(
          k.id(),
          k.orgId(),
          k.prefix(),
          k.name(),
          k.scopes(),
          k.sponsorId(),
          k.identityId(),
          k.workspaceId(),
          k.kind().name(),
          k.createdAt(),
          k.expiresAt(),
          stored.lastUsedAt(),
          stored.replacedBy(),
          k.revokedAt() != null);
    }
  }

  /** A new key and its secret. */
  public record Created(View apiKey, String key) {
    @Override
    public String toString() {
      return "Created[" + apiKey.id() + "]";
    }
  }

  /** What a revocation answers. */
  public record Revoked(View apiKey) {}

  /** Creates a key with scopes that the caller holds. */
  @POST
  @RequiresScope("relayauth:api-key:manage")
  public Response create(Body body) {
    Bodies.required(body);
    Caller.Tenant caller = request.tenant();
    Bodies.sameOrganization(body.orgId(), caller);
    Bodies.end(new Violations(), body.expiresAt(), clock.instant())
        .text(body.name(), "/name")
        .check(body.scopes() != null && !body.scopes().isEmpty(), "/scopes", "needs a scope")
        .list(body.scopes(), "/scopes", ScopeSet.MAX_SIZE)
        .throwIfAny();
    var committed =
        administration.create(
            new ApiKeyAdministration.Draft(
                caller.org(),
                ApiKeyState.Kind.api_key,
                Objects.requireNonNull(body.name()),
                Objects.requireNonNull(body.scopes()),
                body.sponsorId(),
                body.identityId(),
                null,
                body.expiresAt()),
            request);
    request.wrote(committed.sequence());
    Created created = new Created(View.of(committed.value().state()), committed.value().key());
    return Response.status(201).entity(created).build();
  }

  /** A page of keys, without their secrets. */
  @GET
  @RequiresScope("relayauth:api-key:read")
  public Page<View> list(
      @QueryParam("limit") @Nullable String limitText,
      @QueryParam("cursor") @Nullable String cursor) {
    int limit = Cursor.limit(limitText);
    String org = request.tenant().org();
    String list = "api-keys/" + org;
    return Page.of(
        administration.list(org, Bodies.page(cursor, list, limit)),
        limit,
        list,
        View::of,
        k -> new Cursor(k.state().createdAt(), k.state().id()));
  }

  /** Revokes a key, and every token it issued. */
  @POST
  @Path("/{id}/revoke")
  @RequiresScope("relayauth:api-key:manage")
  public Revoked revoke(String id) {
    return new Revoked(View.of(administration.revoke(id, request)));
  }

  /** How long the old key goes on; a day when it isn't said. */
  public record RotateBody(@JsonAlias("overlap_seconds") @Nullable Lifetime overlapSeconds) {}

  /** The new key with its secret, and the old one with its end. */
  public record Rotated(View apiKey, String key, View previous) {
    @Override
    public String toString() {
      return "Rotated[" + apiKey.id() + "]";
    }
  }

  /** Makes a new key of an old one, which ends after the overlap. */
  @POST
  @Path("/{id}/rotate")
  @RequiresScope("relayauth:api-key:manage")
  public Response rotate(String id, @Nullable RotateBody body) {
    Lifetime sent = body == null ? null : body.overlapSeconds();
    Duration overlap = sent == null ? OVERLAP : sent.duration();
    new Violations()
        .check(
            !overlap.isNegative() && overlap.getNano() == 0 && overlap.compareTo(MAX_OVERLAP) <= 0,
            "/overlapSeconds",
            "must be 0 to " + MAX_OVERLAP.toSeconds())
        .throwIfAny();
    var committed = administration.rotate(id, overlap, request);
    request.wrote(committed.sequence());
    ApiKeyAdministration.Created made = committed.value().successor();
    Rotated answer =
        new Rotated(
            View.of(made.state()),
            made.key(),
            View.of(new ApiKeyStore.Stored(committed.value().previous(), null, made.state().id())));
    return Response.status(201).entity(answer).build();
  }
}
