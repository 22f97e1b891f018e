package dev.relayauth.token.adapter.http;

import dev.relayauth.common.credential.Acting;
import dev.relayauth.common.credential.Caller;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.token.adapter.kafka.IdentityChains;
import dev.relayauth.token.domain.issuing.Chain;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * For whom an agent gets credentials: for itself and those under it. Never for humans, whose word
 * an approval takes. Never blocks.
 */
@Singleton
public final class AgentReach {
  private final IdentityChains chains;

  AgentReach(IdentityChains chains) {
    this.chains = chains;
  }

  /** Who acts for a caller. */
  public CompletableFuture<Acting> acting(Caller.Tenant caller) {
    return acting(caller.org(), Acting.ids(caller));
  }

  /** The same of identities of an organisation that act together. */
  public CompletableFuture<Acting> acting(String org, List<String> ids) {
    return Acting.find(
        ids,
        id ->
            chains
                .find(org, id)
                .thenApply(chain -> chain.map(Chain::identities).orElse(List.of())));
  }

  /**
   * Completes with {@code wanted} when the caller may get a token for it, which carries the caller
   * in its lineage. Fails for an agent, and for whoever is under one or acted for by one, with 403
   * {@code human_required} when that is a human, and with 403 {@code scope_escalation} when it
   * stands above.
   */
  public CompletableFuture<Optional<Chain>> require(Caller.Tenant caller, Optional<Chain> wanted) {
    if (wanted.isEmpty()) {
      return CompletableFuture.completedFuture(wanted);
    }
    return acting(caller)
        .thenApply(
            acting -> {
              refuse(acting, wanted.get().self());
              return wanted;
            });
  }

  /** The same for what outlives the caller's own credential: for itself and those under it. */
  public CompletableFuture<Chain> requireReach(Caller.Tenant caller, Chain wanted) {
    return acting(caller)
        .thenApply(
            acting -> {
              refuse(acting, wanted.self());
              if (!acting.reaches(wanted.self().sponsorChain())) {
                throw new RefusedException(
                    ErrorCode.SCOPE_ESCALATION,
                    "an agent gives keys to itself and to those under it: "
                        + acting.names()
                        + " is not above "
                        + wanted.self().id());
              }
              return wanted;
            });
  }

  private static void refuse(Acting acting, IdentityState wanted) {
    if (acting.isUnderAgents() && wanted.type() == IdentityState.Type.human) {
      throw new RefusedException(
          ErrorCode.HUMAN_REQUIRED, "an agent gets no credential of a human");
    }
    if (acting.hasAbove(wanted.id())) {
      throw new RefusedException(
          ErrorCode.SCOPE_ESCALATION, "an agent gets no credential of who stands above it");
    }
  }
}
