package dev.relayauth.identity.adapter.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.relayauth.common.credential.Caller;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.event.OrganizationSettings;
import dev.relayauth.common.event.OrganizationState;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.http.Cursor;
import dev.relayauth.common.http.Page;
import dev.relayauth.common.http.PlatformOnly;
import dev.relayauth.common.http.PlatformToo;
import dev.relayauth.common.http.RequiresScope;
import dev.relayauth.common.http.Violations;
import dev.relayauth.common.id.IdFormat;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.json.Lifetime;
import dev.relayauth.identity.adapter.postgres.DirectoryAdministration;
import dev.relayauth.identity.adapter.postgres.DirectoryAdministration.Founded;
import dev.relayauth.identity.adapter.postgres.DirectoryStore;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code /v1/organizations}: founded with the platform key, changed by their own admins. */
@Path("/v1/organizations")
@RunOnVirtualThread
public final class OrganizationResource {
  private static final String LIST = "organizations";
  private static final Set<String> ALGORITHMS = Set.of("EdDSA", "ES256", "RS256");
  private static final long MAX_REFRESH = 30L * 24 * 3600;
  private static final long MAX_ACCESS = 24L * 3600;

  private final DirectoryAdministration administration;
  private final CurrentRequest request;

  OrganizationResource(DirectoryAdministration administration, CurrentRequest request) {
    this.administration = administration;
    this.request = request;
  }

  /** What may be set; everything but the name of a new organisation is optional. */
  public record Body(
      @Nullable String id,
      @Nullable String name,
      @Nullable String email,
      @Nullable String signingAlgorithm,
      @Nullable Lifetime accessTokenTtlSeconds,
      @Nullable Lifetime maxAccessTokenTtlSeconds,
      @Nullable Lifetime refreshTokenTtlSeconds,
      @Nullable Integer auditRetentionDays,
      OrganizationSettings.@Nullable AuditMode auditMode,
      @Nullable Integer identityCreationsPerMinute,
      @Nullable Boolean statusLists,
      @Nullable Boolean approvalsRequireSignIn) {

    OrganizationSettings settings() {
      return new OrganizationSettings(
          seconds(accessTokenTtlSeconds),
          seconds(maxAccessTokenTtlSeconds),
          seconds(refreshTokenTtlSeconds),
          auditRetentionDays,
          auditMode,
          identityCreationsPerMinute,
          statusLists,
          approvalsRequireSignIn);
    }

    Violations violations() {
      return new Violations()
          .check(
              id == null || IdFormat.isValid(IdPrefix.ORGANIZATION, id),
              "/id",
              "must be org_ and 1 to 64 URL-safe characters")
          .optionalText(name, "/name", Violations.MAX_NAME)
          .check(name == null || !name.isBlank(), "/name", "must not be blank")
          .optionalText(email, "/email", 254)
          .check(
              signingAlgorithm == null || ALGORITHMS.contains(signingAlgorithm),
              "/signingAlgorithm",
              "must be EdDSA, ES256 or RS256")
          .check(
              lasts(accessTokenTtlSeconds, MAX_ACCESS),
              "/accessTokenTtlSeconds",
              "must be 60 to 86400")
          .check(
              lasts(maxAccessTokenTtlSeconds, MAX_ACCESS),
              "/maxAccessTokenTtlSeconds",
              "must be 60 to 86400")
          .check(
              lasts(refreshTokenTtlSeconds, MAX_REFRESH),
              "/refreshTokenTtlSeconds",
              "must be 60 to 2592000")
          .check(within(auditRetentionDays, 1, 3650), "/auditRetentionDays", "must be 1 to 3650")
          .check(
              within(identityCreationsPerMinute, 1, 10_000_000),
              "/identityCreationsPerMinute",
              "must be 1 to 10000000");
    }

    boolean changesNothing() {
      return name == null
          && email == null
          && signingAlgorithm == null
          && settings().equals(OrganizationSettings.DEFAULTS);
    }

    private static @Nullable Long seconds(@Nullable Lifetime lifetime) {
      return lifetime == null ? null : lifetime.duration().toSeconds();
    }

    /** Whole seconds, a minute at least. */
    private static boolean lasts(@Nullable Lifetime lifetime, long most) {
      return lifetime == null
          || (lifetime.duration().getNano() == 0
              && within(lifetime.duration().toSeconds(), 60, most));
    }

    private static boolean within(@Nullable Number value, long low, long high) {
      return value == null || (value.longValue() >= low && value.longValue() <= high);
    }
  }

  /** An organisation as clients see it; settings are top-level members. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record View(
      String id,
      String name,
      @Nullable String email,
      String signingAlgorithm,
      @Nullable Long accessTokenTtlSeconds,
      @Nullable Long maxAccessTokenTtlSeconds,
      @Nullable Long refreshTokenTtlSeconds,
      @Nullable Integer auditRetentionDays,
      OrganizationSettings.@Nullable AuditMode auditMode,
      @Nullable Integer identityCreationsPerMinute,
      @Nullable Boolean statusLists,
      @Nullable Boolean approvalsRequireSignIn,
      Instant createdAt,
      Instant updatedAt) {

    static View of(OrganizationState o) {
      OrganizationSettings s = o.settings();
      return new View(
          o.id(),
          o.name(),
          o.email(),
          o.signingAlgorithm(),
          s.accessTokenTtlSeconds(),
          s.maxAccessTokenTtlSeconds(),
          s.refreshTokenTtlSeconds(),
          s.auditRetentionDays(),
          s.auditMode(),
          s.identityCreationsPerMinute(),
          s.statusLists(),
          s.approvalsRequireSignIn(),
          o.createdAt(),
          o.updatedAt());
    }
  }

  /** A new organisation with its first admin key. */
  public record Created(View organization, ApiKeyResource.View apiKey, String key) {
    @Override
    public String toString() {
      return "Created[" + organization.id() + "]";
    }
  }

  /** Founds an organisation. */
  @POST
  @PlatformOnly
  public Response create(Body body) {
    Bodies.required(body);
    body.violations().text(body.name(), "/name").throwIfAny();
    var committed =
        administration.found(
            body.id(),
            String.valueOf(body.name()),
            body.email(),
            body.signingAlgorithm() == null ? "EdDSA" : body.signingAlgorithm(),
            body.settings(),
            request);
    request.wrote(committed.sequence());
    Founded founded = committed.value();
    Created created =
        new Created(
            View.of(founded.organization()),
            ApiKeyResource.View.of(founded.adminKey().state()),
            founded.adminKey().key());
    return Response.status(201).entity(created).build();
  }

  /** All organisations for the platform key, one's own for anybody else. */
  @GET
  @PlatformToo
  @RequiresScope("relayauth:organization:read")
  public Page<View> list(
      @QueryParam("limit") @Nullable String limitText,
      @QueryParam("cursor") @Nullable String cursorText) {
    int limit = Cursor.limit(limitText);
    DirectoryStore.Page page = Bodies.page(cursorText, LIST, limit);
    if (request.caller() instanceof Caller.Tenant tenant) {
      return new Page<>(List.of(View.of(administration.organization(tenant.org()))), null);
    }
    return Page.of(
        administration.organizations(page),
        limit,
        LIST,
        View::of,
        o -> new Cursor(o.createdAt(), o.id()));
  }

  /** One organisation. */
  @GET
  @Path("/{id}")
  @PlatformToo
  @RequiresScope("relayauth:organization:read")
  public View get(String id) {
    refuseForeign(id);
    return View.of(administration.organization(id));
  }

  /** Changes an organisation. */
  @PATCH
  @Path("/{id}")
  @PlatformToo
  @RequiresScope("relayauth:organization:manage")
  public View patch(String id, Body body) {
    Bodies.required(body);
    refuseForeign(id);
    body.violations().check(!body.changesNothing(), "", "nothing to change").throwIfAny();
    var committed =
        administration.change(
            id, body.name(), body.email(), body.signingAlgorithm(), body.settings(), request);
    request.wrote(committed.sequence());
    return View.of(committed.value());
  }

  private void refuseForeign(String id) {
    if (request.caller() instanceof Caller.Tenant tenant && !tenant.org().equals(id)) {
      throw new RefusedException(ErrorCode.NOT_FOUND, "there is no organization " + id);
    }
  }
}
