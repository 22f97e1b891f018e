package dev.relayauth.token.adapter.http;

import dev.relayauth.common.audit.AuditDraft;
import dev.relayauth.common.audit.AuditRecords;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.token.JwtType;
import dev.relayauth.token.adapter.internal.BudgetSnapshots;
import dev.relayauth.token.adapter.kafka.IdentityChains;
import dev.relayauth.token.adapter.kafka.OrganizationProjection;
import dev.relayauth.token.adapter.postgres.KeyRefresh;
import dev.relayauth.token.adapter.postgres.PostgresFamilies;
import dev.relayauth.token.adapter.postgres.UnconfirmedRevocations;
import dev.relayauth.token.domain.issuing.Chain;
import dev.relayauth.token.domain.issuing.Issuance;
import dev.relayauth.token.domain.issuing.Session;
import dev.relayauth.token.domain.refreshing.RefreshDecision;
import dev.relayauth.token.domain.refreshing.RefreshRequest;
import dev.relayauth.token.domain.refreshing.RefreshToken;
import dev.relayauth.token.domain.refreshing.Refreshing;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** The way of every refresh: find the family, decide under its lock, put it on record. Blocking. */
@Singleton
public final class RefreshFlow {
  private final IdentityChains chains;
  private final OrganizationProjection organizations;
  private final KeyRefresh keys;
  private final Refreshing refreshing;
  private final PostgresFamilies families;
  private final UnconfirmedRevocations revocations;
  private final AuditRecords records;
  private final CurrentRequest request;
  private final BudgetSnapshots budgets;

  RefreshFlow(
      IdentityChains chains,
      OrganizationProjection organizations,
      KeyRefresh keys,
      Refreshing refreshing,
      PostgresFamilies families,
      UnconfirmedRevocations revocations,
      AuditRecords records,
      CurrentRequest request,
      BudgetSnapshots budgets) {
    this.chains = chains;
    this.organizations = organizations;
    this.keys = keys;
    this.refreshing = refreshing;
    this.families = families;
    this.revocations = revocations;
    this.records = records;
    this.request = request;
    this.budgets = budgets;
  }

  /** A refresh token that is one of ours, and its session. */
  public record Found(RefreshToken token, Session session) {}

  /** The session of a refresh token; refused when there is none. */
  public Found find(String text) {
    RefreshToken token = RefreshToken.parse(text).orElseThrow(RefreshFlow::unknown);
    return new Found(token, families.find(token).orElseThrow(RefreshFlow::unknown));
  }

  /**
   * The next pair of a family, or the same again within the grace; refused otherwise.
   *
   * @param wanted what else the client says
   * @param rev the last revocation sequence applied, read before the first check
   */
  public Issuance refresh(Found found, JwtType type, RefreshRequest wanted, long rev) {
    Session session = found.session();
    Refreshing.Basis basis = basis(session, type, wanted, rev);
    RefreshDecision decision =
        families.refresh(
            session,
            found.token(),
            family -> refreshing.decide(found.token(), family, basis),
            new RequestJournal(records, request));
    return answer(session, decision);
  }

  private Refreshing.Basis basis(Session session, JwtType type, RefreshRequest wanted, long rev) {
    Chain chain =
        Answers.await(chains.find(session.org(), session.identityId()))
            .orElseThrow(
                () -> new RefusedException(ErrorCode.TOKEN_REVOKED, "the identity is gone"));
    return new Refreshing.Basis(
        chain.isLimited()
            ? chain.with(Answers.await(budgets.find(session.org(), session.identityId())))
            : chain,
        Answers.await(keys.signer(organizations.algorithm(session.org()))),
        type,
        rev,
        wanted);
  }

  private Issuance answer(Session session, RefreshDecision decision) {
    return switch (decision) {
      case RefreshDecision.Rotated rotated -> {
        request.wrote(0);
        yield rotated.issuance();
      }
      case RefreshDecision.Repeated repeated -> repeated.issuance();
      case RefreshDecision.Replayed ignored -> {
        revocations.send(session.sid());
        throw new RefusedException(
            ErrorCode.TOKEN_REVOKED, "the refresh token was used before: its session has ended");
      }
      case RefreshDecision.Refused refused -> throw Answers.refused(refused.refusal());
    };
  }

  private static RefusedException unknown() {
    return new RefusedException(ErrorCode.INVALID_TOKEN, "the refresh token is not one of ours");
  }

  /** Records of what this request does to a session. */
  private record RequestJournal(AuditRecords records, CurrentRequest request)
      implements PostgresFamilies.Journal {
    @Override
    public AuditDraft refreshed(Session session) {
      return draft("token.refreshed", session);
    }

    @Override
    public AuditDraft revoked(Session session) {
      return draft("token.revoked", session);
    }

    @Override
    public @Nullable String traceparent() {
      return request.traceparent();
    }

    private AuditDraft draft(String action, Session session) {
      return records
          .draft(action, session.org(), request)
          .subject(session.identityId(), session.sponsorChain())
          .workspace(session.workspaceId())
          .with("actorId", session.identityId());
    }
  }
}
