package dev.relayauth.identity.adapter.internal;

import dev.relayauth.common.audit.OnBehalf;
import dev.relayauth.common.credential.KeyUses;
import dev.relayauth.common.credential.Maker;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.event.ApiKeyState;
import dev.relayauth.common.event.AuditRecord;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.event.SponsorState;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.http.Internal;
import dev.relayauth.identity.adapter.postgres.ApiKeyAdministration;
import dev.relayauth.identity.adapter.postgres.DirectoryAdministration;
import dev.relayauth.identity.adapter.postgres.IdentityAdministration;
import dev.relayauth.identity.adapter.postgres.RoleChange;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the other services ask when their memory doesn't know. The gateway never exposes it. */
@Path("/internal/v1")
@RunOnVirtualThread
public final class InternalResource {
  private final IdentityAdministration identities;
  private final DirectoryAdministration directory;
  private final ApiKeyAdministration keys;
  private final CurrentRequest request;

  InternalResource(
      IdentityAdministration identities,
      DirectoryAdministration directory,
      ApiKeyAdministration keys,
      CurrentRequest request) {
    this.identities = identities;
    this.directory = directory;
    this.keys = keys;
    this.request = request;
  }

  /** An identity after its ancestors. */
  public record Chain(List<IdentityState> chain) {}

  /** A role to assign or to take away, and the record of it. */
  public record RoleBody(
      @Nullable String roleId,
      @Nullable List<String> scopes,
      @Nullable AuditRecord auditRecord,
      @Nullable String traceparent) {

    RoleChange change(String org, String id, @Nullable String role, boolean add) {
      if (role == null || auditRecord == null) {
        throw new RefusedException(
            ErrorCode.VALIDATION_FAILED, "roleId and auditRecord are required");
      }
      List<String> given = scopes == null ? List.of() : scopes;
      return new RoleChange(org, id, role, add, given, auditRecord, traceparent);
    }
  }

  /** A workspace token to create. */
  public record KeyBody(
      String orgId,
      ApiKeyState.Kind kind,
      String name,
      List<String> scopes,
      String sponsorId,
      @Nullable String identityId,
      @Nullable String workspaceId,
      @Nullable Instant expiresAt,
      @Nullable OnBehalf author,
      @Nullable Maker maker) {}

  /** A new key and its secret. */
  public record CreatedKey(ApiKeyState apiKey, String key) {
    @Override
    public String toString() {
      return "CreatedKey[" + apiKey.id() + "]";
    }
  }

  /** Whether something exists. */
  public record Exists(boolean exists, List<String> sponsorChain) {}

  /** The key with that hash. */
  @GET
  @Path("/api-keys/{hash}")
  @Internal
  public ApiKeyState apiKey(String hash) {
    return keys.byHash(hash)
        .orElseThrow(() -> new RefusedException(ErrorCode.API_KEY_NOT_FOUND, "no such key"));
  }

  /** Creates a key for a caller that another service has checked. */
  @POST
  @Path("/api-keys")
  @Internal
  public Response createKey(KeyBody body) {
    request.calledOnBehalf(body.author());
    var committed =
        keys.createForService(
            new ApiKeyAdministration.Draft(
                body.orgId(),
                body.kind(),
                body.name(),
                body.scopes(),
                body.sponsorId(),
                body.identityId(),
                body.workspaceId(),
                body.expiresAt()),
            body.maker(),
            request);
    CreatedKey created = new CreatedKey(committed.value().state(), committed.value().key());
    request.wrote(committed.sequence());
    return Response.status(201).entity(created).build();
  }

  /** Takes note of when keys were last presented to a service. */
  @POST
  @Path("/api-key-uses")
  @Internal
  public void used(KeyUses.Report report) {
    keys.used(report.uses());
  }

  /** An identity after its ancestors, the topmost agent first. */
  @GET
  @Path("/identities/{org}/{id}/chain")
  @Internal
  public Chain chain(String org, String id) {
    List<IdentityState> chain = identities.chain(org, id);
    if (chain.isEmpty()) {
      throw new RefusedException(ErrorCode.IDENTITY_NOT_FOUND, "no such identity");
    }
    return new Chain(chain);
  }

  /** A human who answers for agents, offboarded ones too. */
  @GET
  @Path("/sponsors/{org}/{id}")
  @Internal
  public SponsorState sponsor(String org, String id) {
    return directory.sponsor(org, id);
  }

  /** Assigns a role that the policy service has checked. */
  @POST
  @Path("/identities/{org}/{id}/roles")
  @Internal
  public IdentityState assign(String org, String id, RoleBody body) {
    var written = identities.assign(body.change(org, id, body.roleId(), true), request);
    request.wrote(written.sequence());
    return written.view().state();
  }

  /** Takes a role away. */
  @DELETE
  @Path("/identities/{org}/{id}/roles/{roleId}")
  @Internal
  public IdentityState unassign(String org, String id, String roleId, RoleBody body) {
    var written = identities.assign(body.change(org, id, roleId, false), request);
    request.wrote(written.sequence());
    return written.view().state();
  }

  /** Whether an identity, sponsor, workspace, organization or credential exists. */
  @GET
  @Path("/entities/{org}/{kind}/{id}")
  @Internal
  public Exists exists(String org, String kind, String id) {
    return switch (kind) {
      case "identity" -> new Exists(true, identities.get(org, id).state().sponsorChain());
      case "sponsor" -> new Exists(true, List.of(directory.sponsor(org, id).id()));
      case "workspace" -> new Exists(!directory.workspace(org, id).id().isEmpty(), List.of());
      case "organization" -> new Exists(!directory.organization(id).id().isEmpty(), List.of());
      case "credential", "workspace_token" ->
          keys.find(org, id)
              .filter(key -> key.state().kind().name().equals(kind) || kind.equals("credential"))
              .map(key -> new Exists(true, key.state().sponsorChain()))
              .orElseThrow(() -> new RefusedException(ErrorCode.API_KEY_NOT_FOUND, "no such key"));
      default -> throw new RefusedException(ErrorCode.NOT_FOUND, "no such kind");
    };
  }
}
