package dev.relayauth.token.adapter.http;

import dev.relayauth.common.audit.AuditDraft;
import dev.relayauth.common.credential.Caller;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.id.IdFormat;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.revocation.RevocationEntry;
import dev.relayauth.common.token.TokenSigner;
import dev.relayauth.token.adapter.internal.BudgetSnapshots;
import dev.relayauth.token.adapter.kafka.IdentityChains;
import dev.relayauth.token.adapter.kafka.OrganizationProjection;
import dev.relayauth.token.adapter.postgres.GroupCommit;
import dev.relayauth.token.adapter.postgres.KeyRefresh;
import dev.relayauth.token.adapter.postgres.QueueFullException;
import dev.relayauth.token.domain.issuing.Chain;
import dev.relayauth.token.domain.issuing.Credential;
import dev.relayauth.token.domain.issuing.Delegation;
import dev.relayauth.token.domain.issuing.Issuance;
import dev.relayauth.token.domain.issuing.IssueRequest;
import dev.relayauth.token.domain.issuing.Minting;
import dev.relayauth.token.domain.issuing.Remaining;
import dev.relayauth.token.domain.issuing.TokenIssuer;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The way of every issue: look up, decide, sign, commit. Never blocks. */
@Singleton
public final class IssueFlow {
  private final FreshFeeds feeds;
  private final IdentityChains chains;
  private final OrganizationProjection organizations;
  private final KeyRefresh keys;
  private final TokenIssuer issuer;
  private final Minting minting;
  private final GroupCommit commits;
  private final AgentReach reach;
  private final BudgetSnapshots budgets;
  private final Executor virtual = task -> Thread.ofVirtual().name("issue").start(task);

  IssueFlow(
      FreshFeeds feeds,
      IdentityChains chains,
      OrganizationProjection organizations,
      KeyRefresh keys,
      TokenIssuer issuer,
      Minting minting,
      GroupCommit commits,
      AgentReach reach,
      BudgetSnapshots budgets) {
    this.feeds = feeds;
    this.chains = chains;
    this.organizations = organizations;
    this.keys = keys;
    this.issuer = issuer;
    this.minting = minting;
    this.commits = commits;
    this.reach = reach;
    this.budgets = budgets;
  }

  /**
   * One issue.
   *
   * @param credential the credential that issues; asked for again by a second try
   * @param rev the last revocation sequence applied, read before the first check
   * @param draft begins the record that commits with it; called on any thread
   * @param workspace the only workspace whose identities it may be for
   */
  public record Order(
      String org,
      String identityId,
      IssueRequest wanted,
      Delegation delegation,
      Supplier<Credential> credential,
      long rev,
      Supplier<AuditDraft> draft,
      Optional<String> workspace,
      Optional<String> trace,
      Optional<String> ip) {}

  /**
   * Completes with the pair once it is committed; fails with what to answer otherwise. For an
   * identity that asks for itself.
   */
  public CompletableFuture<Issuance> issue(Order order) {
    return issue(order, () -> find(order));
  }

  /** The same for a caller who may ask for others. */
  CompletableFuture<Issuance> issue(Order order, Caller.Tenant caller) {
    return issue(order, () -> find(order).thenCompose(found -> reach.require(caller, found)));
  }

  private CompletableFuture<Optional<Chain>> find(Order order) {
    if (!IdFormat.isValid(IdPrefix.IDENTITY, order.identityId())) {
      throw notFound();
    }
    return chains.find(order.org(), order.identityId());
  }

  /** The same for a chain that is not an identity's, such as a human's. */
  public CompletableFuture<Issuance> issue(
      Order order, Supplier<CompletableFuture<Optional<Chain>>> chain) {
    return attempt(order, chain, order.rev())
        .thenCompose(made -> isAlive(made) ? done(made) : again(order, chain, made))
        .thenApply(
            made -> {
              if (isAlive(made)) {
                return made.issuance();
              }
              throw new RefusedException(
                  ErrorCode.IDENTITY_SUSPENDED, "it is being revoked at this moment");
            });
  }

  /** A second try, once the feed has brought the entry that killed what the first one made. */
  private CompletableFuture<Made> again(
      Order order, Supplier<CompletableFuture<Optional<Chain>>> chain, Made dead) {
    return feeds
        .follow(killer(dead).map(RevocationEntry::seq).orElse(0L))
        // Not on the thread that reads the feed.
        .thenComposeAsync(done -> attempt(order, chain, feeds.rev()), virtual);
  }

  private record Made(Issuance issuance, Chain chain, boolean committed) {}

  /** An entry that arrived meanwhile must not make the answer a token that is dead on arrival. */
  private boolean isAlive(Made made) {
    return made.committed() && isSpared(made);
  }

  private boolean isSpared(Made made) {
    return killer(made).isEmpty();
  }

  private Optional<RevocationEntry> killer(Made made) {
    return minting.killer(made.issuance().session(), made.issuance().token(), made.chain());
  }

  private CompletableFuture<Made> attempt(
      Order order, Supplier<CompletableFuture<Optional<Chain>>> chain, long rev) {
    return chain
        .get()
        .thenCompose(this::withRemaining)
        .thenCombine(
            keys.signer(organizations.algorithm(order.org())),
            (found, signer) -> decide(order, found, signer, rev))
        .thenCompose(made -> isSpared(made) ? commit(order, made) : done(made));
  }

  private CompletableFuture<Optional<Chain>> withRemaining(Optional<Chain> found) {
    if (found.isEmpty() || !found.get().isLimited()) {
      return done(found);
    }
    Chain chain = found.get();
    CompletableFuture<Remaining> left = budgets.find(chain.self().orgId(), chain.self().id());
    return left.isDone()
        ? left.thenApply(known -> Optional.of(chain.with(known)))
        // Not on the thread that reads answers or keeps time.
        : left.thenApplyAsync(known -> Optional.of(chain.with(known)), virtual);
  }

  private static <T> CompletableFuture<T> done(T value) {
    return CompletableFuture.completedFuture(value);
  }

  private Made decide(Order order, Optional<Chain> found, TokenSigner signer, long rev) {
    Chain chain =
        found
            .filter(known -> isOf(order.workspace(), known.self().workspaceId()))
            .orElseThrow(IssueFlow::notFound);
    TokenIssuer.Basis basis =
        new TokenIssuer.Basis(
            chain,
            order.credential().get(),
            organizations.settings(order.org()),
            signer,
            rev,
            order.ip());
    return new Made(
        Answers.orThrow(issuer.issue(order.wanted(), order.delegation(), basis)), chain, false);
  }

  private static boolean isOf(Optional<String> required, @Nullable String workspace) {
    return workspace == null || required.isEmpty() || required.get().equals(workspace);
  }

  private CompletableFuture<Made> commit(Order order, Made made) {
    return commits
        .commit(
            made.issuance(),
            describe(order.draft().get(), made.issuance()).build(),
            order.trace().orElse(null))
        .exceptionally(IssueFlow::refuse)
        .thenApply(done -> new Made(made.issuance(), made.chain(), true));
  }

  private static AuditDraft describe(AuditDraft draft, Issuance issuance) {
    var session = issuance.session();
    return draft
        .subject(session.identityId(), session.sponsorChain())
        .workspace(session.workspaceId())
        .token(issuance.token().jti())
        .with("sessionId", session.sid())
        .with("scopes", String.join(" ", session.scopes()))
        .with("audience", String.join(" ", session.audience()))
        .with("parentTokenId", session.derivation().parentTokenId())
        .with("expiresAt", issuance.token().expiresAt().toString());
  }

  private static RefusedException notFound() {
    return new RefusedException(ErrorCode.IDENTITY_NOT_FOUND, "there is no such identity");
  }

  private static Void refuse(Throwable failure) {
    Throwable cause = failure instanceof CompletionException e ? e.getCause() : failure;
    if (cause instanceof QueueFullException) {
      throw new RefusedException(
          ErrorCode.STORAGE_UNAVAILABLE, "more is being issued than can be stored; try again");
    }
    throw cause instanceof RuntimeException e ? e : new CompletionException(failure);
  }
}
