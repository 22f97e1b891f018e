package dev.relayauth.identity.adapter.postgres;

import dev.relayauth.common.audit.AuditRecords;
import dev.relayauth.common.credential.ApiKeyFormat;
import dev.relayauth.common.credential.Caller;
import dev.relayauth.common.credential.CredentialVerifier;
import dev.relayauth.common.credential.KeyUses;
import dev.relayauth.common.credential.RevocationProjection;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.event.ApiKeyState;
import dev.relayauth.common.event.EntityKind;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.id.IdSource;
import dev.relayauth.common.outbox.Transaction;
import dev.relayauth.common.outbox.Transactions;
import dev.relayauth.common.outbox.Transactions.Committed;
import dev.relayauth.common.revocation.RevocationKind;
import dev.relayauth.common.scope.ScopeSet;
import dev.relayauth.identity.adapter.internal.PendingRevocations;
import dev.relayauth.identity.adapter.internal.PendingRevocations.Demand;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Creates, reads and revokes API keys and workspace tokens. */
@Singleton
public final class ApiKeyAdministration {
  private final Transactions transactions;
  private final Escalation escalation;
  private final ApiKeyStore store;
  private final DirectoryStore directory;
  private final IdentityStore identities;
  private final Publication publication;
  private final PendingRevocations revocations;
  private final AuditRecords audit;
  private final IdSource ids;
  private final CredentialVerifier credentials;
  private final RevocationProjection revoked;
  private final SecureRandom random = new SecureRandom();

  ApiKeyAdministration(
      Transactions transactions,
      Escalation escalation,
      ApiKeyStore store,
      DirectoryStore directory,
      IdentityStore identities,
      Publication publication,
      PendingRevocations revocations,
      AuditRecords audit,
      IdSource ids,
      CredentialVerifier credentials,
      RevocationProjection revoked) {
    this.transactions = transactions;
    this.escalation = escalation;
    this.store = store;
    this.directory = directory;
    this.identities = identities;
    this.publication = publication;
    this.revocations = revocations;
    this.audit = audit;
    this.ids = ids;
    this.credentials = credentials;
    this.revoked = revoked;
  }

  /** A key that somebody wants to create. */
  public record Draft(
      String org,
      ApiKeyState.Kind kind,
      String name,
      List<String> scopes,
      String sponsorId,
      @Nullable String identityId,
      @Nullable String workspaceId,
      @Nullable Instant expiresAt) {

    Draft of(String sponsor, String identity) {
      return new Draft(org, kind, name, scopes, sponsor, identity, workspaceId, expiresAt);
    }

    static Draft admin(String org, String owner) {
      return new Draft(
          org, ApiKeyState.Kind.api_key, "admin", List.of("*"), owner, null, null, null);
    }

    static Draft successor(ApiKeyState old, Instant now) {
      Instant end = old.expiresAt();
      return new Draft(
          old.orgId(),
          old.kind(),
          old.name(),
          old.scopes(),
          old.sponsorId(),
          old.identityId(),
          old.workspaceId(),
          end == null ? null : now.plus(Duration.between(old.createdAt(), end)));
    }
  }

  /** A new key and its secret, which is never seen again. */
  public record Created(ApiKeyState state, String key) {
    @Override
    public String toString() {
      return "Created[" + state + "]";
    }
  }

  /** Creates a key with scopes that the caller holds, answered for by a human. */
  public Committed<Created> create(Draft draft, CurrentRequest request) {
    Caller.Tenant caller = request.tenant();
    return escalation.guard(
        request,
        tx -> {
          Escalation.check(ScopeSet.of(draft.scopes()), caller, null, List.of());
          return checkedCreate(tx, owned(tx, draft, caller), request);
        });
  }

  /**
   * A key that an agent makes is the agent's own, or of one under it: it ends with the agent, and
   * may do no more about the agent's budget and status than the agent itself.
   */
  private Draft owned(Transaction tx, Draft draft, Caller.Tenant caller) throws SQLException {
    List<String> chain = caller.sponsorChain();
    String actor = chain.isEmpty() ? caller.sponsorId() : chain.getLast();
    if (!actor.startsWith(IdPrefix.IDENTITY.text())) {
      return draft;
    }
    IdentityState acting = require(tx, draft.org(), actor);
    if (acting.type() != IdentityState.Type.agent) {
      return draft;
    }
    String owner = draft.identityId() == null ? actor : draft.identityId();
    if (!require(tx, draft.org(), owner).sponsorChain().contains(actor)) {
      throw new RefusedException(
          ErrorCode.SCOPE_ESCALATION, "an agent makes keys for itself and for agents under it");
    }
    return draft.of(acting.sponsorChain().getFirst(), owner);
  }

  private IdentityState require(Transaction tx, String org, String id) throws SQLException {
    return identities
        .find(tx, org, id)
        .orElseThrow(() -> IdentityAdministration.notFound(id))
        .state();
  }

  /** Creates a workspace token on behalf of the token service, which has checked the caller. */
  public Committed<Created> createForService(Draft draft, CurrentRequest request) {
    return transactions.write(tx -> checkedCreate(tx, draft, request));
  }

  Created create(Transaction tx, Draft draft, CurrentRequest request) throws SQLException {
    // Read first: what kills the caller later than this kills the key as well.
    long rev = revoked.set().appliedSequence();
    requireAlive(request);
    String prefix =
        draft.kind() == ApiKeyState.Kind.api_key
            ? ApiKeyFormat.API_KEY
            : ApiKeyFormat.WORKSPACE_TOKEN;
    String key = ApiKeyFormat.generate(prefix, random);
    ApiKeyState state =
        new ApiKeyState(
            draft.org(),
            ids.next(IdPrefix.API_KEY),
            draft.kind(),
            ApiKeyFormat.hash(key),
            ApiKeyFormat.visiblePart(prefix, key),
            draft.name(),
            ScopeSet.of(draft.scopes()).toList(),
            draft.sponsorId(),
            draft.identityId(),
            draft.workspaceId(),
            tx.clock().instant(),
            draft.expiresAt(),
            null,
            0,
            rev);
    store.insert(tx, state);
    publish(tx, "created", state, request);
    return new Created(state, key);
  }

  private void requireAlive(CurrentRequest request) {
    if (request.find().filter(credentials::isRevoked).isPresent()) {
      throw new RefusedException(ErrorCode.TOKEN_REVOKED, "the credential has just been revoked");
    }
  }

  /** Revokes a key and everything it issued. */
  public ApiKeyStore.Stored revoke(String id, CurrentRequest request) {
    Caller.Tenant caller = request.tenant();
    Committed<Demand> committed =
        transactions.write(
            tx -> {
              ApiKeyState gone =
                  store
                      .revoke(tx, caller.org(), id, tx.clock().instant())
                      .orElseThrow(() -> notRevocable(tx, caller.org(), id));
              publish(tx, "revoked", gone, request);
              Demand demand =
                  new Demand(
                      caller.org(),
                      RevocationKind.CREDENTIAL,
                      id,
                      true,
                      "API key revoked",
                      caller.actorId(),
                      List.of(gone.sponsorId()));
              revocations.demand(tx, demand);
              return demand;
            });
    revocations.deliver(committed.value());
    request.wrote(committed.sequence());
    return transactions.read(tx -> store.find(tx, caller.org(), id)).orElseThrow();
  }

  /** A key, its successor and the successor's secret. */
  public record Rotated(ApiKeyState previous, Created successor) {}

  /**
   * Makes a key that takes another's place: same name, scopes, sponsor and length of life. The old
   * one ends after the overlap. The caller gets a secret of those scopes, so it must hold them.
   */
  public Committed<Rotated> rotate(String id, Duration overlap, CurrentRequest request) {
    Caller.Tenant caller = request.tenant();
    return escalation.guard(
        request,
        tx -> {
          ApiKeyState old = rotatable(tx, caller.org(), id);
          Escalation.check(ScopeSet.lenient(old.scopes()), caller, null, List.of());
          Instant now = tx.clock().instant();
          Created successor = create(tx, Draft.successor(old, now), request);
          ApiKeyState ending = store.replace(tx, id, successor.state().id(), now.plus(overlap));
          publish(tx, "rotated", ending, request);
          return new Rotated(ending, successor);
        });
  }

  private ApiKeyState rotatable(Transaction tx, String org, String id) throws SQLException {
    ApiKeyStore.Stored stored =
        store
            .lock(tx, org, id)
            .orElseThrow(
                () ->
                    new RefusedException(ErrorCode.API_KEY_NOT_FOUND, "there is no API key " + id));
    ApiKeyState key = stored.state();
    boolean ended = key.expiresAt() != null && !key.expiresAt().isAfter(tx.clock().instant());
    if (key.revokedAt() != null || ended || stored.replacedBy() != null) {
      throw new RefusedException(
          ErrorCode.CONFLICT, "the key is revoked, has ended or is rotated already");
    }
    return key;
  }

  /** Notes when keys were last presented. */
  public void used(List<KeyUses.Use> uses) {
    transactions.write(
        tx -> {
          store.used(
              tx,
              uses.stream().map(KeyUses.Use::orgId).toList(),
              uses.stream().map(KeyUses.Use::id).toList(),
              uses.stream().map(use -> use.at().toString()).toList());
          return uses;
        });
  }

  /** The key with that hash. */
  public Optional<ApiKeyState> byHash(String hash) {
    return transactions.read(tx -> store.byHash(tx, hash));
  }

  /** A key of the organisation. */
  public Optional<ApiKeyStore.Stored> find(String org, String id) {
    return transactions.read(tx -> store.find(tx, org, id));
  }

  /** A page of keys. */
  public List<ApiKeyStore.Stored> list(String org, DirectoryStore.Page page) {
    return transactions.read(tx -> store.list(tx, org, page));
  }

  private Created checkedCreate(Transaction tx, Draft draft, CurrentRequest request)
      throws SQLException {
    if (directory.sponsor(tx, draft.org(), draft.sponsorId()).isEmpty()) {
      throw SponsorResolution.invalid("/sponsorId", "is not a sponsor of the organisation");
    }
    if (draft.identityId() != null
        && identities.find(tx, draft.org(), draft.identityId()).isEmpty()) {
      throw IdentityAdministration.notFound(draft.identityId());
    }
    if (draft.workspaceId() != null
        && directory.workspace(tx, draft.org(), draft.workspaceId()).isEmpty()) {
      throw SponsorResolution.invalid("/workspaceId", "is not a workspace of the organisation");
    }
    return create(tx, draft, request);
  }

  private RefusedException notRevocable(Transaction tx, String org, String id) {
    try {
      return store.find(tx, org, id).isPresent()
          ? new RefusedException(ErrorCode.CONFLICT, "the key is revoked already")
          : new RefusedException(ErrorCode.API_KEY_NOT_FOUND, "there is no API key " + id);
    } catch (SQLException e) {
      return new RefusedException(ErrorCode.API_KEY_NOT_FOUND, "there is no API key " + id);
    }
  }

  private void publish(Transaction tx, String past, ApiKeyState k, CurrentRequest request) {
    publication.publish(
        tx,
        EntityKind.API_KEY,
        past,
        k.orgId(),
        k.id(),
        request,
        sequence ->
            new ApiKeyState(
                k.orgId(),
                k.id(),
                k.kind(),
                k.hash(),
                k.prefix(),
                k.name(),
                k.scopes(),
                k.sponsorId(),
                k.identityId(),
                k.workspaceId(),
                k.createdAt(),
                k.expiresAt(),
                k.revokedAt(),
                sequence,
                k.rev()));
    audit.append(
        tx,
        audit
            .draft("api_key." + past, k.orgId(), request)
            .subject(k.identityId(), List.of(k.sponsorId()))
            .workspace(k.workspaceId())
            .with("apiKeyId", k.id())
            .with("name", k.name())
            .with("kind", k.kind().name()),
        request);
  }
}
