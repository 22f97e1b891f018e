package dev.relayauth.policy.adapter.http;

import dev.relayauth.common.audit.AuditEmitter;
import dev.relayauth.common.audit.AuditRecords;
import dev.relayauth.common.credential.Caller;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.event.AuditRecord.Result;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.token.Claims;
import dev.relayauth.policy.adapter.internal.AgentChains;
import dev.relayauth.policy.adapter.kafka.OrganizationProjection;
import dev.relayauth.policy.domain.decision.Agent;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Tells whether it is a human, in person, who calls. Blocking. */
@Singleton
public final class Humans {
  private final AgentChains chains;
  private final CurrentRequest request;
  private final AuditRecords records;
  private final AuditEmitter emitter;
  private final OrganizationProjection organizations;

  Humans(
      AgentChains chains,
      CurrentRequest request,
      AuditRecords records,
      AuditEmitter emitter,
      OrganizationProjection organizations) {
    this.chains = chains;
    this.organizations = organizations;
    this.request = request;
    this.records = records;
    this.emitter = emitter;
  }

  /**
   * The human who calls; refuses keys, agents, and agents that act for a human, on record, and
   * where the organisation wants people to sign in, tokens that come of an API key.
   */
  Caller.Bearer require() {
    if (!(request.tenant() instanceof Caller.Bearer bearer && isHuman(bearer))) {
      throw refuse("a human's own token is needed, not an API key's or an agent's");
    }
    if (Boolean.TRUE.equals(organizations.settings(bearer.org()).approvalsRequireSignIn())
        && credential(bearer).isPresent()) {
      throw refuse(
          "the organisation takes approvals only from people who signed in through a trusted issuer;"
              + " this token was issued by "
              + credential(bearer).get());
    }
    return bearer;
  }

  /** The nearest API key out of which the token of a human came; empty for who signed in. */
  static Optional<String> credential(Caller.Bearer human) {
    Claims claims = human.token().claims();
    return Stream.concat(Stream.ofNullable(claims.parentTokenId()), claims.lineage().stream())
        .filter(id -> id.startsWith(IdPrefix.API_KEY.text()))
        .findFirst();
  }

  /** A refusal, on record. */
  RefusedException refuse(String detail) {
    Caller.Tenant caller = request.tenant();
    emitter.offer(
        records
            .draft("scope.denied", caller.org(), request)
            .subject(caller.actorId(), caller.sponsorChain())
            .result(Result.denied)
            .with("route", request.method() + " " + request.path())
            .with("reason", ErrorCode.HUMAN_REQUIRED.slug())
            .build(),
        request.traceparent());
    return new RefusedException(ErrorCode.HUMAN_REQUIRED, detail);
  }

  /** Nobody acts for them (RFC 8693 §4.1), and no agent stands above them. */
  private boolean isHuman(Caller.Bearer bearer) {
    String subject = bearer.token().claims().sub();
    if (bearer.token().claims().act() != null) {
      return false;
    }
    if (subject.startsWith(IdPrefix.SPONSOR.text())) {
      return true;
    }
    List<Agent> chain = chains.find(bearer.org(), subject).join();
    return !chain.isEmpty()
        && chain.stream()
            .allMatch(
                one ->
                    one.state().type() == IdentityState.Type.human
                        && one.state().status() == IdentityState.Status.active);
  }
}
