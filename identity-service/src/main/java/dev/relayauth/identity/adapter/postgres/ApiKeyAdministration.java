package dev.relayauth.identity.adapter.postgres;

import dev.relayauth.common.audit.AuditRecords;
import dev.relayauth.common.credential.Acting;
import dev.relayauth.common.credential.ApiKeyFormat;
import dev.relayauth.common.credential.Caller;
import dev.relayauth.common.credential.CredentialVerifier;
import dev.relayauth.common.credential.KeyUses;
import dev.relayauth.common.credential.Maker;
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
import dev.relayauth.identity.adapter.internal.PendingRevocations.Cause;
import dev.relayauth.identity.adapter.internal.PendingRevocations.Demand;
import dev.relayauth.identity.adapter.postgres.Escalation.EscalationException;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
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
  private final AgentReach reach;
  private final KeyEnds ends;
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
      AgentReach reach,
      KeyEnds ends,
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
    this.reach = reach;
    this.ends = ends;
    this.publication = publication;
    this.revocations = revocations;
    this.audit = audit;
    this.ids = ids;
    this.credentials = credentials;
    this.revoked = revoked;
  }

  /**
   * A key that somebody wants to create.
   *
   * @param sponsorId the human who is to answer for it; the one above its identity when null
   */
  public record Draft(
      String org,
      ApiKeyState.Kind kind,
      String name,
      List<String> scopes,
      @Nullable String sponsorId,
      @Nullable String identityId,
      @Nullable String workspaceId,
      @Nullable Instant expiresAt) {

    Draft of(@Nullable String sponsor, @Nullable String identity) {
      return new Draft(org, kind, name, scopes, sponsor, identity, workspaceId, expiresAt);
    }

    Draft until(@Nullable Instant end) {
      return new Draft(org, kind, name, scopes, sponsorId, identityId, workspaceId, end);
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

  /**
   * What a key is told to others with, of whom it acts as and by what it is made.
   *
   * @param chain who answers for it, or who stands above the identity it acts as, and that one
   * @param place the workspace of that identity
   * @param mayAct the only ones that may act for what it issues
   */
  private record Standing(List<String> chain, @Nullable String place, List<String> mayAct) {
    static Standing of(ApiKeyState key) {
      return new Standing(key.sponsorChain(), key.place(), key.mayAct());
    }

    static Standing of(String human, List<String> mayAct) {
      return new Standing(List.of(human), null, mayAct);
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
          Draft bare =
              draft.identityId() == null && draft.sponsorId() == null
                  ? draft.of(caller.sponsorId(), null)
                  : draft;
          Maker maker = Maker.of(caller);
          requireFree(maker);
          return checkedCreate(tx, bounded(tx, bare, maker), maker.mayAct(), request);
        });
  }

  /** An API key issues for anybody: made by whose actors are named, it would be free of that. */
  private static void requireFree(Maker maker) {
    if (!maker.mayAct().isEmpty()) {
      throw EscalationException.outOfReach(
          "a token whose may_act names its actors makes no API key, which would name none");
    }
  }

  /**
   * A key that an agent makes is the agent's own, or of one under it: it falls with the agent, and
   * may do no more about the agent's budget and status than the agent itself. And no key outlives
   * what it is made by.
   */
  private Draft bounded(Transaction tx, Draft draft, Maker maker) throws SQLException {
    Acting acting = reach.acting(tx, draft.org(), maker.actors());
    Instant end = KeyEnds.within(draft.expiresAt(), ends.latest(tx, draft.org(), maker, acting));
    return (acting.isUnderAgents() ? owned(tx, draft, acting) : draft).until(end);
  }

  private Draft owned(Transaction tx, Draft draft, Acting acting) throws SQLException {
    String owner = draft.identityId() == null ? acting.bound().getLast().id() : draft.identityId();
    IdentityState identity = identities.require(tx, draft.org(), owner).state();
    if (!acting.reaches(identity.sponsorChain())) {
      throw EscalationException.outOfReach(
          "an agent makes keys for itself and for agents under it");
    }
    return draft.of(null, owner);
  }

  /** An agent ends and renews the keys of itself and of those under it, nobody else's. */
  private void requireOwn(Transaction tx, Caller.Tenant caller, ApiKeyState key)
      throws SQLException {
    if (!reach.acting(tx, caller).reaches(key.sponsorChain())) {
      throw EscalationException.outOfReach(
          "an agent rotates and revokes only its own keys and those of agents under it");
    }
  }

  /**
   * Creates a workspace token on behalf of the token service, which has checked the caller.
   *
   * @param maker by what; null for a token service from before makers were told
   */
  public Committed<Created> createForService(
      Draft draft, @Nullable Maker maker, CurrentRequest request) {
    try {
      return transactions.write(
          tx ->
              maker == null
                  ? checkedCreate(tx, draft, List.of(), request)
                  : checkedCreate(tx, bounded(tx, draft, maker), maker.mayAct(), request));
    } catch (EscalationException attempt) {
      throw attempt.refusal();
    }
  }

  /** Creates the key of an organisation's first administrator. */
  Created createAdmin(Transaction tx, String org, String owner, CurrentRequest request)
      throws SQLException {
    return create(tx, Draft.admin(org, owner), Standing.of(owner, List.of()), request);
  }

  private Created create(Transaction tx, Draft draft, Standing standing, CurrentRequest request)
      throws SQLException {
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
            draft.sponsorId() == null ? standing.chain().getFirst() : draft.sponsorId(),
            draft.identityId(),
            standing.chain(),
            draft.workspaceId(),
            tx.clock().instant(),
            draft.expiresAt(),
            null,
            0,
            rev,
            standing.mayAct(),
            standing.place());
    store.insert(tx, state);
    publish(tx, "created", state, request);
    return new Created(state, key);
  }

  private void requireAlive(CurrentRequest request) {
    if (request.find().filter(credentials::isRevoked).isPresent()) {
      throw new RefusedException(ErrorCode.TOKEN_REVOKED, "the credential has just been revoked");
    }
  }

  /** Who a key stands for: the identity it names, or itself. */
  private static String owner(ApiKeyState key) {
    return key.identityId() == null ? key.id() : key.identityId();
  }

  /** Revokes a key and everything it issued. */
  public ApiKeyStore.Stored revoke(String id, CurrentRequest request) {
    Caller.Tenant caller = request.tenant();
    Committed<Demand> committed =
        escalation.guard(
            request,
            tx -> {
              ApiKeyState key = lock(tx, caller.org(), id).state();
              requireOwn(tx, caller, key);
              if (key.revokedAt() != null) {
                throw new RefusedException(ErrorCode.CONFLICT, "the key is revoked already");
              }
              ApiKeyState gone = store.revoke(tx, id, tx.clock().instant());
              publish(tx, "revoked", gone, request);
              Demand demand =
                  new Demand(
                      caller.org(),
                      RevocationKind.CREDENTIAL,
                      id,
                      true,
                      Cause.asked("API key revoked", request.author(caller.actorId()), owner(gone)),
                      gone.sponsorChain());
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
   * one ends after the overlap, and the new one with the caller at the latest. The caller gets a
   * secret of those scopes, so it must hold them.
   */
  public Committed<Rotated> rotate(String id, Duration overlap, CurrentRequest request) {
    Caller.Tenant caller = request.tenant();
    return escalation.guard(
        request,
        tx -> {
          ApiKeyState old = rotatable(tx, caller, id);
          Escalation.check(ScopeSet.lenient(old.scopes()), caller, null, List.of());
          Instant now = tx.clock().instant();
          Maker maker = Maker.of(caller);
          requireFree(maker);
          Optional<Instant> latest = ends.latest(tx, caller.org(), maker, reach.acting(tx, caller));
          Draft renewed = Draft.successor(old, now);
          Draft next = renewed.until(KeyEnds.earlier(renewed.expiresAt(), latest));
          Created successor = create(tx, next, Standing.of(old), request);
          ApiKeyState ending = store.replace(tx, id, successor.state().id(), now.plus(overlap));
          publish(tx, "rotated", ending, request);
          return new Rotated(ending, successor);
        });
  }

  private ApiKeyStore.Stored lock(Transaction tx, String org, String id) throws SQLException {
    return store
        .lock(tx, org, id)
        .orElseThrow(
            () -> new RefusedException(ErrorCode.API_KEY_NOT_FOUND, "there is no API key " + id));
  }

  private ApiKeyState rotatable(Transaction tx, Caller.Tenant caller, String id)
      throws SQLException {
    ApiKeyStore.Stored stored = lock(tx, caller.org(), id);
    ApiKeyState key = stored.state();
    requireOwn(tx, caller, key);
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

  private Created checkedCreate(
      Transaction tx, Draft draft, List<String> mayAct, CurrentRequest request)
      throws SQLException {
    Standing standing = standing(tx, draft, mayAct);
    if (directory.sponsor(tx, draft.org(), standing.chain().getFirst()).isEmpty()) {
      throw SponsorResolution.invalid("/sponsorId", "is not a sponsor of the organisation");
    }
    if (draft.workspaceId() != null
        && directory.workspace(tx, draft.org(), draft.workspaceId()).isEmpty()) {
      throw SponsorResolution.invalid("/workspaceId", "is not a workspace of the organisation");
    }
    return create(tx, draft, standing, request);
  }

  /** Who answers for the key, or the identity it acts as: who stands above it, and where it is. */
  private Standing standing(Transaction tx, Draft draft, List<String> mayAct) throws SQLException {
    if (draft.identityId() == null) {
      return Standing.of(Objects.requireNonNull(draft.sponsorId()), mayAct);
    }
    IdentityState identity = identities.require(tx, draft.org(), draft.identityId()).state();
    List<String> chain = identity.sponsorChain();
    if (draft.sponsorId() != null && !draft.sponsorId().equals(chain.getFirst())) {
      throw SponsorResolution.invalid(
          "/sponsorId", "is not who answers for the identity: leave it out");
    }
    return new Standing(chain, identity.workspaceId(), mayAct);
  }

  private void publish(Transaction tx, String past, ApiKeyState k, CurrentRequest request) {
    publication.publish(tx, EntityKind.API_KEY, past, k.orgId(), k.id(), request, k::at);
    audit.append(
        tx,
        audit
            .draft("api_key." + past, k.orgId(), request)
            .subject(k.identityId(), k.sponsorChain())
            .workspace(k.workspaceId())
            .with("apiKeyId", k.id())
            .with("name", k.name())
            .with("kind", k.kind().name()),
        request);
  }
}
