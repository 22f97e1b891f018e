package dev.relayauth.revocation.adapter.http;

import com.fasterxml.jackson.annotation.JsonAlias;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.http.Open;
import dev.relayauth.common.http.RequiresScope;
import dev.relayauth.common.http.Violations;
import dev.relayauth.common.id.IdFormat;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.revocation.RevocationKind;
import dev.relayauth.revocation.domain.entry.Target;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Revoking tokens, and whether one is revoked. */
@Path("/v1/tokens")
public final class TokenRevocationResource {
  private final RevokeDesk desk;
  private final TokenStatus status;
  private final CurrentRequest request;

  TokenRevocationResource(RevokeDesk desk, TokenStatus status, CurrentRequest request) {
    this.desk = desk;
    this.status = status;
    this.request = request;
  }

  /** What to revoke: exactly one of the ids. */
  public record Revoke(
      @JsonAlias("token_id") @Nullable String tokenId,
      @JsonAlias("identity_id") @Nullable String identityId,
      @JsonAlias("session_id") @Nullable String sessionId,
      @Nullable String reason,
      @JsonAlias("org_id") @Nullable String orgId) {

    Target target(String org) {
      long given = Stream.of(tokenId, identityId, sessionId).filter(Objects::nonNull).count();
      new Violations()
          .check(given == 1, "", "names exactly one of tokenId, identityId and sessionId")
          .optionalText(reason, "/reason", RevocationResource.MAX_REASON)
          .throwIfAny();
      if (tokenId != null) {
        return RevocationResource.target(org, RevocationKind.TOKEN, tokenId);
      }
      return identityId != null
          ? RevocationResource.target(org, RevocationKind.IDENTITY, identityId)
          : RevocationResource.target(
              org, RevocationKind.SESSION, Objects.requireNonNull(sessionId));
    }
  }

  /** Whether a token is revoked. */
  public record Status(boolean revoked) {}

  /** Revokes it everywhere; 204 once that is committed. */
  @POST
  @Path("/revoke")
  @RequiresScope("relayauth:token:manage")
  @RunOnVirtualThread
  public void revoke(@Nullable Revoke body) {
    Revoke asked = RevocationResource.required(body);
    String org = request.tenant().org();
    desk.checkOrganization(asked.orgId(), org);
    desk.revoke(asked.target(org), asked.reason());
  }

  /** Whether the token of that id is revoked; one that we never issued is not. */
  @GET
  @Path("/revocation")
  @Open
  @RunOnVirtualThread
  public Status status(@QueryParam("jti") @Nullable String jti) {
    String id = Optional.ofNullable(jti).orElse("");
    new Violations()
        .check(IdFormat.isValid(IdPrefix.TOKEN, id), "/jti", "must be the id of a token")
        .throwIfAny();
    return new Status(status.isRevoked(id));
  }
}
