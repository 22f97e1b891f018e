package dev.relayauth.token.adapter.http;

import dev.relayauth.common.audit.AuditDraft;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.id.IdFormat;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.token.TokenSigner;
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
import dev.relayauth.token.domain.issuing.TokenIssuer;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** The way of every issue: look up, decide, sign, commit. Never blocks. */
@Singleton
final class IssueFlow {
  private final IdentityChains chains;
  private final OrganizationProjection organizations;
  private final KeyRefresh keys;
  private final TokenIssuer issuer;
  private final GroupCommit commits;

  IssueFlow(
      IdentityChains chains,
      OrganizationProjection organizations,
      KeyRefresh keys,
      TokenIssuer issuer,
      GroupCommit commits) {
    this.chains = chains;
    this.organizations = organizations;
    this.keys = keys;
    this.issuer = issuer;
    this.commits = commits;
  }

  /**
   * One issue.
   *
   * @param rev the last revocation sequence applied, read before the first check
   * @param draft the record that commits with it
   * @param workspace the only workspace whose identities it may be for
   */
  record Order(
      String org,
      String identityId,
      IssueRequest wanted,
      Delegation delegation,
      Credential credential,
      long rev,
      AuditDraft draft,
      Optional<String> workspace,
      Optional<String> trace) {}

  /** Completes with the pair once it is committed; fails with what to answer otherwise. */
  CompletableFuture<Issuance> issue(Order order) {
    if (!IdFormat.isValid(IdPrefix.IDENTITY, order.identityId())) {
      throw notFound();
    }
    return chains
        .find(order.org(), order.identityId())
        .thenCombine(
            keys.signer(organizations.algorithm(order.org())),
            (chain, signer) -> decide(order, chain, signer))
        .thenCompose(issuance -> commit(order, issuance));
  }

  private Issuance decide(Order order, Optional<Chain> found, TokenSigner signer) {
    Chain chain =
        found
            .filter(known -> isOf(order.workspace(), known.self().workspaceId()))
            .orElseThrow(IssueFlow::notFound);
    return Answers.orThrow(
        issuer.issue(
            order.wanted(),
            order.delegation(),
            new TokenIssuer.Basis(
                chain,
                order.credential(),
                organizations.settings(order.org()),
                signer,
                order.rev())));
  }

  private static boolean isOf(Optional<String> required, @Nullable String workspace) {
    return workspace == null || required.isEmpty() || required.get().equals(workspace);
  }

  private CompletableFuture<Issuance> commit(Order order, Issuance issuance) {
    return commits
        .commit(issuance, describe(order.draft(), issuance).build(), order.trace().orElse(null))
        .exceptionally(IssueFlow::refuse)
        .thenApply(done -> issuance);
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
