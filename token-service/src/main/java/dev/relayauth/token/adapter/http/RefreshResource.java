package dev.relayauth.token.adapter.http;

import dev.relayauth.common.audit.AuditDraft;
import dev.relayauth.common.audit.AuditRecords;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.http.Open;
import dev.relayauth.common.http.Violations;
import dev.relayauth.common.internal.ServiceUnavailableException;
import dev.relayauth.common.token.JwtType;
import dev.relayauth.token.adapter.kafka.IdentityChains;
import dev.relayauth.token.adapter.kafka.OrganizationProjection;
import dev.relayauth.token.adapter.postgres.KeyRefresh;
import dev.relayauth.token.adapter.postgres.PostgresFamilies;
import dev.relayauth.token.adapter.postgres.UnconfirmedRevocations;
import dev.relayauth.token.domain.issuing.Chain;
import dev.relayauth.token.domain.issuing.Session;
import dev.relayauth.token.domain.refreshing.RefreshDecision;
import dev.relayauth.token.domain.refreshing.RefreshToken;
import dev.relayauth.token.domain.refreshing.Refreshing;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Exchanges a refresh token for the next pair of its family. */
@Path("/v1/tokens/refresh")
public final class RefreshResource {
  private final FreshFeeds feeds;
  private final IdentityChains chains;
  private final OrganizationProjection organizations;
  private final KeyRefresh keys;
  private final Refreshing refreshing;
  private final PostgresFamilies families;
  private final UnconfirmedRevocations revocations;
  private final AuditRecords records;
  private final CurrentRequest request;

  RefreshResource(
      FreshFeeds feeds,
      IdentityChains chains,
      OrganizationProjection organizations,
      KeyRefresh keys,
      Refreshing refreshing,
      PostgresFamilies families,
      UnconfirmedRevocations revocations,
      AuditRecords records,
      CurrentRequest request) {
    this.feeds = feeds;
    this.chains = chains;
    this.organizations = organizations;
    this.keys = keys;
    this.refreshing = refreshing;
    this.families = families;
    this.revocations = revocations;
    this.records = records;
    this.request = request;
  }

  /** The next pair. */
  @POST
  @Open
  @RunOnVirtualThread
  public Response refresh(@Nullable RefreshBody sent) {
    long rev = feeds.rev();
    RefreshBody body = Answers.required(sent);
    new Violations().text(body.refreshToken(), "/refreshToken").throwIfAny();
    RefreshToken presented =
        RefreshToken.parse(Answers.required(body.refreshToken()))
            .orElseThrow(RefreshResource::unknown);
    Session session = families.find(presented).orElseThrow(RefreshResource::unknown);
    Refreshing.Basis basis = basis(session, rev);
    RefreshDecision decision =
        families.refresh(
            session,
            presented,
            family -> refreshing.decide(presented, family, basis),
            new RequestJournal(records, request));
    return answer(session, decision);
  }

  private Refreshing.Basis basis(Session session, long rev) {
    Chain chain =
        await(chains.find(session.org(), session.identityId()))
            .orElseThrow(
                () -> new RefusedException(ErrorCode.TOKEN_REVOKED, "the identity is gone"));
    return new Refreshing.Basis(
        chain, await(keys.signer(organizations.algorithm(session.org()))), JwtType.JWT, rev);
  }

  private Response answer(Session session, RefreshDecision decision) {
    return switch (decision) {
      case RefreshDecision.Rotated rotated -> {
        request.wrote(0);
        yield Answers.pair(200, rotated.issuance());
      }
      case RefreshDecision.Repeated repeated -> Answers.pair(200, repeated.issuance());
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

  private static <T> T await(CompletableFuture<T> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServiceUnavailableException(e);
    } catch (ExecutionException e) {
      throw new ServiceUnavailableException(e);
    }
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
