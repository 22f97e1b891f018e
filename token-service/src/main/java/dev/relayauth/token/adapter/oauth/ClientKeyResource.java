package dev.relayauth.token.adapter.oauth;

import com.fasterxml.jackson.annotation.JsonAlias;
import dev.relayauth.common.audit.AuditDraft;
import dev.relayauth.common.audit.AuditRecords;
import dev.relayauth.common.credential.Caller;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.http.RequiresScope;
import dev.relayauth.common.http.Violations;
import dev.relayauth.common.id.IdFormat;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.json.Json;
import dev.relayauth.common.revocation.RevocationKind;
import dev.relayauth.common.scope.Scope;
import dev.relayauth.common.scope.ScopeSet;
import dev.relayauth.common.token.InvalidJwkException;
import dev.relayauth.common.token.KeySet;
import dev.relayauth.common.token.VerificationKey;
import dev.relayauth.token.adapter.http.AgentReach;
import dev.relayauth.token.adapter.http.Answers;
import dev.relayauth.token.adapter.http.FreshFeeds;
import dev.relayauth.token.adapter.http.IssuingCredential;
import dev.relayauth.token.adapter.http.Revoking;
import dev.relayauth.token.adapter.kafka.IdentityChains;
import dev.relayauth.token.adapter.postgres.PostgresClientKeys;
import dev.relayauth.token.domain.issuing.Chain;
import dev.relayauth.token.domain.issuing.Credential;
import dev.relayauth.token.domain.issuing.Refusal;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The public keys by which an identity authenticates as a client ({@code private_key_jwt}). Like an
 * API key, each has scopes of its own, of at most what whoever registers it has.
 */
@Path("/v1/identities/{id}/keys")
@Produces(MediaType.APPLICATION_JSON)
public final class ClientKeyResource {
  private static final int MAX_KEYS = 8;
  private static final int MAX_KID = 128;

  private final FreshFeeds feeds;
  private final IssuingCredential credentials;
  private final PostgresClientKeys keys;
  private final IdentityChains chains;
  private final AgentReach reach;
  private final Revoking revoking;
  private final AuditRecords records;
  private final CurrentRequest request;

  ClientKeyResource(
      FreshFeeds feeds,
      IssuingCredential credentials,
      PostgresClientKeys keys,
      IdentityChains chains,
      AgentReach reach,
      Revoking revoking,
      AuditRecords records,
      CurrentRequest request) {
    this.feeds = feeds;
    this.credentials = credentials;
    this.keys = keys;
    this.chains = chains;
    this.reach = reach;
    this.revoking = revoking;
    this.records = records;
    this.request = request;
  }

  /** A key to register. */
  record Body(@JsonAlias("key") @Nullable Map<String, Object> jwk, @Nullable List<String> scopes) {}

  /** A registered key. */
  record View(
      String id,
      String kid,
      String identityId,
      String algorithm,
      List<String> scopes,
      Instant createdAt) {
    static View of(PostgresClientKeys.Registered key) {
      return new View(
          key.id(),
          key.key().kid(),
          key.identityId(),
          key.key().algorithm().jwsName(),
          key.scopes(),
          key.createdAt());
    }
  }

  /** All keys of an identity. */
  record Page(List<View> data) {}

  /** The keys of an identity. */
  @GET
  @RunOnVirtualThread
  @RequiresScope("relayauth:identity:read")
  public Page list(@PathParam("id") String id) {
    chain(id);
    return new Page(keys.of(id).stream().map(View::of).toList());
  }

  /** Registers one. */
  @POST
  @RunOnVirtualThread
  @RequiresScope({"relayauth:identity:manage", "relayauth:token:create"})
  public Response register(@PathParam("id") String id, @Nullable Body sent) {
    // Read first: what kills the caller later than this kills the key as well.
    long rev = feeds.rev();
    if (sent == null) {
      throw new RefusedException(ErrorCode.VALIDATION_FAILED, "a JSON object is required");
    }
    Chain chain = chain(id);
    new Violations()
        .check(sent.jwk() != null, "/jwk", "is required")
        .check(sent.scopes() != null && !sent.scopes().isEmpty(), "/scopes", "is required")
        .list(sent.scopes(), "/scopes", ScopeSet.MAX_SIZE)
        .throwIfAny();
    VerificationKey key = key(sent.jwk());
    ScopeSet scopes = ScopeSet.of(Optional.ofNullable(sent.scopes()).orElse(List.of()));
    Caller.Tenant caller = request.tenant();
    Credential presented = credentials.of(caller);
    Answers.await(reach.requireReach(caller, chain));
    requireFree(caller);
    requireLasting(caller, presented);
    Optional<Scope> excess = caller.scopes().firstNotCovered(scopes);
    if (excess.isPresent()) {
      throw Answers.refused(
          Refusal.lacking(excess.get(), caller.scopes(), "the presented credential"));
    }
    AuditDraft draft =
        draft("api_key.created", chain)
            .with("kid", key.kid())
            .with("scopes", String.join(" ", scopes.toList()));
    boolean added =
        keys.add(
            new PostgresClientKeys.Draft(
                caller.org(), id, key, scopes.toList(), caller.actorId(), rev),
            MAX_KEYS,
            draft.build());
    if (!added) {
      throw new RefusedException(
          ErrorCode.CONFLICT, "the identity has that key already, or " + MAX_KEYS + " keys");
    }
    request.wrote(0);
    return Response.status(201).entity(View.of(find(id, key.kid()))).build();
  }

  /** A client issues for itself with no word of who may act for it. */
  private static void requireFree(Caller.Tenant caller) {
    if (!caller.mayAct().isEmpty()) {
      throw new RefusedException(
          ErrorCode.SCOPE_ESCALATION,
          "a token whose may_act names its actors registers no client key, which would name none");
    }
  }

  /** A client key has no end, so what ends makes none; people's bearers end by the hour. */
  private void requireLasting(Caller.Tenant caller, Credential presented) {
    boolean ends =
        switch (caller) {
          case Caller.KeyHolder ignored -> presented.end().isPresent();
          case Caller.Bearer ignored -> Answers.await(reach.acting(caller)).isUnderAgents();
        };
    if (ends) {
      throw new RefusedException(
          ErrorCode.SCOPE_ESCALATION,
          "a client key has no end: one that has none must register it, such as a person");
    }
  }

  /** Forgets one, and revokes what it brought forth. */
  @DELETE
  @Path("/{kid}")
  @RunOnVirtualThread
  @RequiresScope("relayauth:identity:manage")
  public Response remove(@PathParam("id") String id, @PathParam("kid") String kid) {
    Chain chain = chain(id);
    PostgresClientKeys.Registered key = find(id, kid);
    Answers.await(reach.requireReach(request.tenant(), chain));
    revoking.revoke(
        new Revoking.Order(
            key.org(),
            RevocationKind.CREDENTIAL.wireName(),
            key.id(),
            true,
            "client_key_removed",
            request.tenant().actorId(),
            null,
            chain.self().sponsorChain()));
    keys.remove(key.id(), draft("api_key.revoked", chain).with("kid", kid).build());
    return Response.noContent().build();
  }

  private AuditDraft draft(String action, Chain chain) {
    return records
        .draft(action, request.tenant().org(), request)
        .subject(chain.self().id(), chain.self().sponsorChain())
        .workspace(chain.self().workspaceId())
        .with("kind", "client_key");
  }

  private PostgresClientKeys.Registered find(String id, String kid) {
    return keys.of(id).stream()
        .filter(key -> key.key().kid().equals(kid))
        .findFirst()
        .orElseThrow(() -> new RefusedException(ErrorCode.NOT_FOUND, "there is no such key"));
  }

  private Chain chain(String id) {
    Optional<Chain> found =
        IdFormat.isValid(IdPrefix.IDENTITY, id)
            ? Answers.await(chains.find(request.tenant().org(), id))
            : Optional.empty();
    return found.orElseThrow(
        () -> new RefusedException(ErrorCode.IDENTITY_NOT_FOUND, "there is no such identity"));
  }

  /** One public signing key; a private half would have made it public. */
  private static VerificationKey key(@Nullable Map<String, Object> jwk) {
    Optional<VerificationKey> key = Optional.empty();
    if (jwk != null && !jwk.containsKey("d")) {
      try {
        String json = new String(Json.write(Map.of("keys", List.of(jwk))), StandardCharsets.UTF_8);
        key = KeySet.parse(json).keys().stream().findFirst();
      } catch (InvalidJwkException e) {
        key = Optional.empty();
      }
    }
    return key.filter(read -> read.kid().length() <= MAX_KID && read.kid().indexOf('\0') < 0)
        .orElseThrow(
            () ->
                new RefusedException(
                    ErrorCode.VALIDATION_FAILED,
                    "/jwk is not a public Ed25519, P-256 or RSA key for signatures",
                    Map.of(
                        "errors",
                        List.of(
                            Map.of(
                                "pointer",
                                "/jwk",
                                "detail",
                                "is not a public Ed25519, P-256 or RSA key for signatures")))));
  }
}
