package dev.relayauth.revocation.adapter.http;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.relayauth.common.credential.Caller;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.http.Cursor;
import dev.relayauth.common.http.PlatformToo;
import dev.relayauth.common.http.RequiresScope;
import dev.relayauth.common.http.Violations;
import dev.relayauth.common.id.IdFormat;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.revocation.RevocationKind;
import dev.relayauth.revocation.domain.entry.Revocation;
import dev.relayauth.revocation.domain.entry.Revocations;
import dev.relayauth.revocation.domain.entry.Revocations.Page;
import dev.relayauth.revocation.domain.entry.Target;
import dev.relayauth.revocation.domain.entry.Withdrawal;
import dev.relayauth.revocation.domain.propagation.Propagation;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Revocations of all kinds. */
@Path("/v1/revocations")
public final class RevocationResource {
  static final int MAX_REASON = 500;
  private static final int MAX_ID = 128;
  private static final Set<RevocationKind> KINDS =
      EnumSet.complementOf(EnumSet.of(RevocationKind.PARENT, RevocationKind.CREDENTIAL));
  private static final String KIND_NAMES =
      KINDS.stream().map(RevocationKind::wireName).collect(Collectors.joining(", "));

  private final RevokeDesk desk;
  private final Revocations revocations;
  private final Propagation propagation;
  private final CurrentRequest request;

  RevocationResource(
      RevokeDesk desk, Revocations revocations, Propagation propagation, CurrentRequest request) {
    this.desk = desk;
    this.revocations = revocations;
    this.propagation = propagation;
    this.request = request;
  }

  /** What to revoke, why, and whether the answer waits for the verifiers. */
  public record Create(
      @Nullable String type,
      @Nullable String id,
      @Nullable String reason,
      @JsonProperty("wait") @Nullable String waitFor,
      @JsonAlias("org_id") @Nullable String orgId) {}

  /** A revocation that is committed. */
  public record Created(
      String id, Instant effectiveAt, Propagation.@Nullable Acknowledged acknowledged) {}

  /**
   * A revocation as it is read.
   *
   * @param orgId whose it is; nobody's for a signing key
   * @param supersededBy the later one of the same target that is in force in its place
   */
  public record View(
      String id,
      @Nullable String orgId,
      String type,
      String targetId,
      boolean closed,
      @Nullable String reason,
      @Nullable String actorId,
      Instant effectiveAt,
      Instant expiresAt,
      @Nullable String supersededBy) {
    static View of(Revocation entry, @Nullable String supersededBy) {
      return new View(
          entry.id(),
          entry.target().org().isEmpty() ? null : entry.target().org(),
          entry.target().kind().wireName(),
          entry.target().id(),
          entry.closed(),
          entry.reason(),
          entry.actorId(),
          entry.effectiveAt(),
          entry.expiresAt(),
          supersededBy);
    }
  }

  /** A page, newest first. */
  public record Listing(List<View> data, @Nullable String cursor) {}

  /** Revokes; with {@code wait: all} answers once no verifier can permit what it kills. */
  @POST
  @RequiresScope("relayauth:token:manage")
  @PlatformToo
  @RunOnVirtualThread
  public Response create(@Nullable Create body) {
    Create asked = required(body);
    Optional<RevocationKind> kind = kind(asked.type());
    String wait = Optional.ofNullable(asked.waitFor()).orElse("none");
    new Violations()
        .check(kind.isPresent(), "/type", "must be one of " + KIND_NAMES)
        .text(asked.id(), "/id")
        .optionalText(asked.reason(), "/reason", MAX_REASON)
        .check(wait.equals("none") || wait.equals("all"), "/wait", "must be none or all")
        .throwIfAny();
    Target target = target(asked, kind.orElseThrow(), request.caller());
    Revocation entry = desk.revoke(target, asked.reason());
    long committedAt = System.nanoTime();
    Propagation.Acknowledged acknowledged =
        wait.equals("all") ? propagation.await(entry.seq(), committedAt) : null;
    return Response.status(Response.Status.CREATED)
        .entity(new Created(entry.id(), entry.effectiveAt(), acknowledged))
        .build();
  }

  /**
   * The caller's revocations in force; for the platform key those of the organisation it names, or
   * of signing keys.
   */
  @GET
  @RequiresScope("relayauth:revocation:read")
  @PlatformToo
  @RunOnVirtualThread
  public Listing list(
      @QueryParam("orgId") @Nullable String orgId,
      @QueryParam("type") @Nullable String type,
      @QueryParam("limit") @Nullable String limit,
      @QueryParam("cursor") @Nullable String cursor) {
    int size = Cursor.limit(limit);
    String org = listed(orgId);
    String list = "revocations/" + org + "/" + type;
    Cursor after = Cursor.decode(cursor, list);
    RevocationKind kind = type == null ? null : RevocationKind.ofWireName(type).orElse(null);
    if (type != null && kind == null) {
      throw new RefusedException(ErrorCode.VALIDATION_FAILED, "type must be one of " + KIND_NAMES);
    }
    Page page =
        new Page(
            kind,
            size + 1,
            after == null ? null : after.createdAt(),
            after == null ? null : after.id());
    List<Revocation> found = revocations.list(org, page);
    List<Revocation> shown = found.subList(0, Math.min(size, found.size()));
    return new Listing(
        shown.stream().map(entry -> View.of(entry, null)).toList(),
        found.size() > size ? next(shown, list) : null);
  }

  /** One revocation of the caller; any for the platform key, which may withdraw it. */
  @GET
  @Path("/{id}")
  @RequiresScope("relayauth:revocation:read")
  @PlatformToo
  @RunOnVirtualThread
  public View get(@PathParam("id") String id) {
    return Optional.of(id)
        .filter(text -> IdFormat.isValid(IdPrefix.REVOCATION, text))
        .flatMap(text -> revocations.find(org(), text))
        .map(entry -> View.of(entry, revocations.successor(entry).orElse(null)))
        .orElseThrow(
            () -> new RefusedException(ErrorCode.NOT_FOUND, "there is no such revocation"));
  }

  /** Takes an open revocation back that was asked for here; the tokens it killed live again. */
  @DELETE
  @Path("/{id}")
  @RequiresScope("relayauth:token:manage")
  @PlatformToo
  @RunOnVirtualThread
  public void withdraw(@PathParam("id") String id) {
    if (IdFormat.isValid(IdPrefix.REVOCATION, id)) {
      revocations.find(org(), id).ifPresent(desk::requireWithdrawable);
    }
    Withdrawal outcome =
        IdFormat.isValid(IdPrefix.REVOCATION, id)
            ? revocations.withdraw(org(), id)
            : new Withdrawal.Unknown();
    switch (outcome) {
      case Withdrawal.Withdrawn withdrawn -> request.wrote(withdrawn.seq());
      case Withdrawal.Unknown ignored ->
          throw new RefusedException(ErrorCode.NOT_FOUND, "there is no such revocation");
      case Withdrawal.Refused refused ->
          throw new RefusedException(ErrorCode.CONFLICT, refused.why());
    }
  }

  static <T> T required(@Nullable T body) {
    if (body == null) {
      throw new RefusedException(ErrorCode.VALIDATION_FAILED, "a JSON body is required");
    }
    return body;
  }

  /**
   * The target, or 404: what has no id of ours doesn't exist, nor does another organisation. The id
   * of a workspace token or API key stands for all tokens that it issued.
   */
  static Target target(String org, RevocationKind kind, String id) {
    boolean foreign = kind == RevocationKind.ORGANIZATION && !id.equals(org);
    if (foreign || id.isEmpty() || id.length() > MAX_ID) {
      throw new RefusedException(
          switch (kind) {
            case TOKEN -> ErrorCode.TOKEN_NOT_FOUND;
            case IDENTITY -> ErrorCode.IDENTITY_NOT_FOUND;
            default -> ErrorCode.NOT_FOUND;
          },
          "there is no such " + kind.wireName());
    }
    boolean issues = kind == RevocationKind.TOKEN && id.startsWith(IdPrefix.API_KEY.text());
    return new Target(org, issues ? RevocationKind.PARENT : kind, id);
  }

  private Target target(Create asked, RevocationKind kind, Caller caller) {
    String id = String.valueOf(asked.id());
    return switch (caller) {
      case Caller.Platform ignored -> {
        if (kind != RevocationKind.KEY) {
          throw lacking("a credential of the organisation", caller);
        }
        yield Target.key(id);
      }
      case Caller.Tenant tenant -> {
        desk.checkOrganization(asked.orgId(), tenant.org());
        if (kind == RevocationKind.KEY) {
          throw lacking("the platform key", caller);
        }
        yield target(tenant.org(), kind, id);
      }
    };
  }

  private static RefusedException lacking(String required, Caller caller) {
    return new RefusedException(
        ErrorCode.INSUFFICIENT_SCOPE,
        "this needs " + required,
        Map.of("required", required, "actual", caller.scopes().toList()));
  }

  private static Optional<RevocationKind> kind(@Nullable String type) {
    return Optional.ofNullable(type).flatMap(RevocationKind::ofWireName).filter(KINDS::contains);
  }

  private String org() {
    return switch (request.caller()) {
      case Caller.Platform ignored -> "";
      case Caller.Tenant tenant -> tenant.org();
    };
  }

  private String listed(@Nullable String named) {
    return switch (request.caller()) {
      case Caller.Platform ignored -> named == null ? "" : named;
      case Caller.Tenant tenant -> {
        desk.checkOrganization(named, tenant.org());
        yield tenant.org();
      }
    };
  }

  private static String next(List<Revocation> shown, String list) {
    Revocation last = shown.getLast();
    return new Cursor(last.effectiveAt(), last.id()).encode(list);
  }
}
