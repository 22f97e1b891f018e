package dev.relayauth.revocation.adapter.http;

import dev.relayauth.common.credential.Acting;
import dev.relayauth.common.credential.Caller;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.revocation.RevocationKind;
import jakarta.inject.Singleton;
import java.util.List;

/**
 * Holds agents to {@link Acting}'s rule: one revokes what is its own and of those under it, and
 * takes back only what was revoked of those under it. Blocking.
 */
@Singleton
final class AgentReach {
  private final Peer peer;

  AgentReach(Peer peer) {
    this.peer = peer;
  }

  private record Chain(List<IdentityState> chain) {}

  /**
   * Refuses an agent that would revoke something of who stands above it.
   *
   * @param owner who loses access
   */
  void requireNotAbove(Caller.Tenant caller, String owner) {
    List<String> ids = Acting.ids(caller);
    // Nobody needs to be asked about those who revoke what is their own.
    if (!ids.isEmpty() && !ids.equals(List.of(owner)) && acting(caller).hasAbove(owner)) {
      throw new RefusedException(
          ErrorCode.SCOPE_ESCALATION, "an agent revokes nothing of who stands above it");
    }
  }

  /** Refuses an agent that would revoke a workspace, or the whole, with who stands above it. */
  void requireNotAround(Caller.Tenant caller, RevocationKind kind, String id) {
    if (kind != RevocationKind.WORKSPACE && kind != RevocationKind.ORGANIZATION) {
      return;
    }
    for (String actor : Acting.ids(caller)) {
      List<IdentityState> chain = chain(caller.org(), actor);
      boolean isAgent =
          chain.isEmpty() || chain.stream().anyMatch(one -> one.type() == IdentityState.Type.agent);
      boolean holds =
          kind == RevocationKind.ORGANIZATION
              || chain.isEmpty()
              || chain.subList(0, chain.size() - 1).stream()
                  .anyMatch(one -> id.equals(one.workspaceId()));
      if (isAgent && holds) {
        throw new RefusedException(
            ErrorCode.SCOPE_ESCALATION, "an agent revokes nothing that holds who stands above it");
      }
    }
  }

  /**
   * Refuses an agent that would revive what is not of those under it, or what somebody else
   * revoked.
   *
   * @param asked who asked for the revocation
   */
  void requireWithdrawable(Caller.Tenant caller, String asked, List<String> sponsorChain) {
    Acting acting = acting(caller);
    boolean isOwn = !acting.isUnderAgents() || Acting.ids(caller).contains(asked);
    if (!isOwn || !acting.isAbove(sponsorChain)) {
      throw new RefusedException(
          ErrorCode.SCOPE_ESCALATION,
          "an agent takes back only what it has itself revoked of those under it");
    }
  }

  private Acting acting(Caller.Tenant caller) {
    return Acting.of(caller, id -> chain(caller.org(), id));
  }

  private List<IdentityState> chain(String org, String id) {
    return peer.find("identity", "/internal/v1/identities/" + org + "/", id, "/chain", Chain.class)
        .map(Chain::chain)
        .orElse(List.of());
  }
}
