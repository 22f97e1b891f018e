package dev.relayauth.revocation.adapter.http;

import dev.relayauth.common.credential.Acting;
import dev.relayauth.common.credential.Caller;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.revocation.RevocationKind;
import dev.relayauth.revocation.domain.entry.Subject;
import dev.relayauth.revocation.domain.entry.Target;
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
   * Refuses an agent that would revoke something of who stands above it, a workspace or the whole
   * that holds them, or a token that is nobody's: whoever made that one, no agent did, since what
   * agents make is theirs.
   */
  void requireBelow(Caller.Tenant caller, Target target, Subject subject) {
    List<String> ids = Acting.ids(caller);
    String owner = subject.owner(target);
    boolean isPlace =
        target.kind() == RevocationKind.WORKSPACE || target.kind() == RevocationKind.ORGANIZATION;
    // Nobody needs to be asked about those who revoke what is their own.
    if (ids.isEmpty() || (!isPlace && ids.equals(List.of(owner)))) {
      return;
    }
    Acting acting = acting(caller);
    if (acting.hasAbove(owner)) {
      throw new RefusedException(
          ErrorCode.SCOPE_ESCALATION, "an agent revokes nothing of who stands above it");
    }
    if (isPlace && mayHold(target, acting)) {
      throw new RefusedException(
          ErrorCode.SCOPE_ESCALATION, "an agent revokes nothing that holds who stands above it");
    }
    if (isNobodys(target, subject) && acting.isUnderAgents()) {
      throw new RefusedException(
          ErrorCode.SCOPE_ESCALATION,
          "an agent revokes no token that names no identity, unless it has issued it");
    }
  }

  private static boolean isNobodys(Target target, Subject subject) {
    return switch (target.kind()) {
      case TOKEN, SESSION, PARENT, CREDENTIAL -> subject.identityId() == null;
      case IDENTITY, SPONSOR, WORKSPACE, ORGANIZATION, KEY -> false;
    };
  }

  private static boolean mayHold(Target place, Acting acting) {
    return place.kind() == RevocationKind.ORGANIZATION
        ? acting.isUnderAgents()
        : acting.mayHaveAboveIn(place.id());
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
