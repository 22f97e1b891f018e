package dev.relayauth.token.adapter.http;

import dev.relayauth.common.credential.Caller;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.id.IdFormat;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.token.Actor;
import dev.relayauth.token.adapter.kafka.IdentityChains;
import dev.relayauth.token.domain.issuing.Chain;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Keeps agents from speaking as humans, whose word an approval takes. Never blocks. */
@Singleton
public final class Impersonation {
  private final IdentityChains chains;

  Impersonation(IdentityChains chains) {
    this.chains = chains;
  }

  /**
   * Completes with {@code wanted} when the caller may get a credential for it; fails with 403
   * {@code human_required} when that is a human, and the caller an agent, or under or acting by
   * one.
   */
  public CompletableFuture<Optional<Chain>> refuse(Caller.Tenant caller, Optional<Chain> wanted) {
    if (wanted.filter(Impersonation::isHuman).isEmpty()) {
      return CompletableFuture.completedFuture(wanted);
    }
    return isAgent(caller)
        .thenApply(
            agent -> {
              if (agent) {
                throw new RefusedException(
                    ErrorCode.HUMAN_REQUIRED, "an agent gets no credential of a human");
              }
              return wanted;
            });
  }

  private static boolean isHuman(Chain chain) {
    return chain.self().type() == IdentityState.Type.human;
  }

  private CompletableFuture<Boolean> isAgent(Caller.Tenant caller) {
    CompletableFuture<Boolean> agent = CompletableFuture.completedFuture(false);
    for (String id : identities(caller)) {
      agent = agent.thenCombine(hasAgent(caller.org(), id), Boolean::logicalOr);
    }
    return agent;
  }

  /** Those who call: the identity of the credential, and all who act for it. */
  private static List<String> identities(Caller.Tenant caller) {
    List<String> ids = new ArrayList<>();
    switch (caller) {
      case Caller.Bearer bearer -> {
        ids.add(bearer.actorId());
        for (Actor actor = bearer.token().claims().act(); actor != null; actor = actor.act()) {
          ids.add(actor.sub());
        }
      }
      case Caller.KeyHolder holder -> ids.add(holder.actorId());
    }
    return ids.stream().filter(id -> IdFormat.isValid(IdPrefix.IDENTITY, id)).toList();
  }

  /** An identity that is not there (any more) may have been one. */
  private CompletableFuture<Boolean> hasAgent(String org, String id) {
    return chains
        .find(org, id)
        .thenApply(
            chain ->
                chain.isEmpty()
                    || chain.get().identities().stream()
                        .anyMatch(identity -> identity.type() == IdentityState.Type.agent));
  }
}
