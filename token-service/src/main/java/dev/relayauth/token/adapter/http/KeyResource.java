package dev.relayauth.token.adapter.http;

import dev.relayauth.common.audit.AuditRecords;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.http.PlatformOnly;
import dev.relayauth.common.http.PlatformToo;
import dev.relayauth.common.http.RequiresScope;
import dev.relayauth.common.token.SigningAlgorithm;
import dev.relayauth.token.adapter.postgres.KeyRefresh;
import dev.relayauth.token.adapter.postgres.KeyUpkeep;
import dev.relayauth.token.config.KeyConfig;
import dev.relayauth.token.domain.keys.KeyRing;
import dev.relayauth.token.domain.keys.KeyStore;
import dev.relayauth.token.domain.keys.StoredKey;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The signing keys of the deployment: everybody may see them, the operator replaces them. */
@Path("/v1/keys")
@Produces(MediaType.APPLICATION_JSON)
public final class KeyResource {
  private final KeyRing ring;
  private final KeyStore store;
  private final KeyRefresh refresh;
  private final KeyUpkeep upkeep;
  private final KeyConfig config;
  private final AuditRecords records;
  private final CurrentRequest request;
  private final InstantSource clock;

  KeyResource(
      KeyRing ring,
      KeyStore store,
      KeyRefresh refresh,
      KeyUpkeep upkeep,
      KeyConfig config,
      AuditRecords records,
      CurrentRequest request,
      InstantSource clock) {
    this.ring = ring;
    this.store = store;
    this.refresh = refresh;
    this.upkeep = upkeep;
    this.config = config;
    this.records = records;
    this.request = request;
    this.clock = clock;
  }

  /** A key as people see it. */
  record KeyView(
      String kid,
      String algorithm,
      String status,
      Instant createdAt,
      @Nullable Instant activatedAt,
      @Nullable Instant retiredAt) {
    static KeyView of(StoredKey key, Instant now) {
      return new KeyView(
          key.kid(),
          key.key().algorithm().jwsName(),
          statusOf(key, now),
          key.createdAt(),
          key.activatedAt(),
          key.retiredAt());
    }
  }

  private static String statusOf(StoredKey key, Instant now) {
    if (key.activatedAt() == null) {
      return "standby";
    }
    return now.isBefore(key.activation()) ? "pending" : key.signsAt(now) ? "active" : "retired";
  }

  /** All keys. */
  record KeyList(List<KeyView> data) {}

  /** The body of a rotation. */
  record RotateBody(@Nullable String algorithm) {}

  /** All keys, the newest first. */
  @GET
  @NonBlocking
  @PlatformToo
  @RequiresScope("relayauth:key:read")
  public KeyList list() {
    Instant now = clock.instant();
    return new KeyList(ring.keys().reversed().stream().map(k -> KeyView.of(k, now)).toList());
  }

  /** Has the standby sign, once every verifier has had the time to learn of it. */
  @POST
  @Path("/rotate")
  @RunOnVirtualThread
  @PlatformOnly
  public Response rotate(@Nullable RotateBody body) {
    SigningAlgorithm algorithm = algorithm(body == null ? null : body.algorithm());
    Instant now = clock.instant();
    StoredKey made =
        store
            .rotate(
                algorithm,
                config.keyActivationDelay(),
                Instant.MAX,
                kid ->
                    records
                        .draft("key.rotated", KeyUpkeep.PLATFORM_ORG, request)
                        .with("kid", kid)
                        .with("algorithm", algorithm.jwsName())
                        .build())
            .orElseThrow();
    refresh.reload();
    upkeep.refill();
    request.wrote(0);
    return Response.status(201).entity(KeyView.of(made, now)).build();
  }

  /**
   * Removes a key at once, and what it signed dies everywhere: for one that may be stolen. 204 once
   * its revocation is committed; until then it is out of the JWKS and the revocation is tried
   * again.
   */
  @DELETE
  @Path("/{kid}")
  @RunOnVirtualThread
  @PlatformOnly
  public Response remove(@PathParam("kid") String kid) {
    KeyStore.Removed removed =
        store
            .remove(
                kid,
                gone ->
                    records
                        .draft("key.removed", KeyUpkeep.PLATFORM_ORG, request)
                        .with("kid", gone)
                        .build())
            .orElseThrow(() -> new RefusedException(ErrorCode.NOT_FOUND, "there is no such key"));
    refresh.reload();
    try {
      upkeep.revoke(removed);
    } finally {
      upkeep.refill();
    }
    request.wrote(0);
    return Response.noContent().build();
  }

  private static SigningAlgorithm algorithm(@Nullable String name) {
    if (name == null) {
      return SigningAlgorithm.EDDSA;
    }
    return SigningAlgorithm.ofJwsName(name)
        .orElseThrow(
            () ->
                new RefusedException(
                    ErrorCode.VALIDATION_FAILED, "/algorithm must be EdDSA, ES256 or RS256"));
  }
}
