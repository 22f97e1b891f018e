package dev.relayauth.policy.adapter.http;

import dev.relayauth.common.credential.Caller;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.http.Traceparent;
import dev.relayauth.common.http.Violations;
import dev.relayauth.common.revision.Revisions;
import dev.relayauth.policy.domain.decision.DecisionRecord.Origin;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Authorize over HTTP, under each of its names: read, wait if asked to, decide, record, answer. */
@Singleton
public final class Authorization {
  private final AccessDecisions decisions;
  private final DecisionTrail trail;
  private final CurrentRequest request;
  private final Revisions revisions;

  Authorization(
      AccessDecisions decisions, DecisionTrail trail, CurrentRequest request, Revisions revisions) {
    this.decisions = decisions;
    this.trail = trail;
    this.request = request;
    this.revisions = revisions;
  }

  /** Answers one question. */
  Uni<byte[]> one(@Nullable AuthorizeBody sent) {
    AuthorizeBody body = AdministrativeWrites.require(sent);
    Caller.Tenant caller = request.tenant();
    AdministrativeWrites.requireOwn(body.orgId(), caller);
    AccessQuery query = AccessQuery.read(body, "");
    Origin origin = origin(caller);
    String trace = request.traceparent();
    return toUni(
        seen(body.atLeastAsFresh())
            .thenCompose(done -> decisions.answer(caller.org(), query))
            .thenCompose(answer -> trail.record(answer, origin, trace))
            .thenApply(AnswerJson::one));
  }

  /** Answers many, in their order. */
  Uni<byte[]> many(@Nullable BatchBody sent) {
    BatchBody batch = AdministrativeWrites.require(sent);
    Caller.Tenant caller = request.tenant();
    List<AccessQuery> queries = queries(batch, caller);
    Origin origin = origin(caller);
    String trace = request.traceparent();
    return toUni(
        seenBy(batch)
            .thenCompose(done -> answers(caller.org(), queries))
            .thenCompose(answers -> trail.record(answers, origin, trace))
            .thenApply(AnswerJson::many));
  }

  private static List<AccessQuery> queries(BatchBody batch, Caller.Tenant caller) {
    List<@Nullable AuthorizeBody> bodies = batch.requests();
    new Violations()
        .check(bodies != null && !bodies.isEmpty(), "/requests", "needs one item at least")
        .list(bodies, "/requests", BatchBody.MAX_REQUESTS)
        .throwIfAny();
    List<AccessQuery> queries = new ArrayList<>();
    for (AuthorizeBody body : bodies == null ? List.<AuthorizeBody>of() : bodies) {
      if (body != null) {
        AdministrativeWrites.requireOwn(body.orgId(), caller);
        queries.add(AccessQuery.read(body, "/requests/" + queries.size()));
      }
    }
    return queries;
  }

  private CompletableFuture<List<Answer>> answers(String org, List<AccessQuery> queries) {
    List<CompletableFuture<Answer>> pending =
        queries.stream().map(query -> decisions.answer(org, query)).toList();
    return CompletableFuture.allOf(pending.toArray(CompletableFuture[]::new))
        .thenApply(done -> pending.stream().map(CompletableFuture::join).toList());
  }

  private CompletableFuture<Void> seenBy(BatchBody batch) {
    Set<String> wanted = new HashSet<>();
    List<@Nullable AuthorizeBody> bodies = batch.requests();
    if (bodies != null) {
      for (AuthorizeBody body : bodies) {
        if (body != null && body.atLeastAsFresh() != null) {
          wanted.add(body.atLeastAsFresh());
        }
      }
    }
    CompletableFuture<Void> seen = seen(batch.atLeastAsFresh());
    for (String revision : wanted) {
      seen = seen.thenCombine(seen(revision), (left, right) -> left);
    }
    return seen;
  }

  private CompletableFuture<Void> seen(@Nullable String revision) {
    if (revision == null) {
      return CompletableFuture.completedFuture(null);
    }
    return revisions
        .await(revision)
        .thenAccept(
            reached -> {
              if (!reached) {
                throw new RefusedException(
                    ErrorCode.STORAGE_UNAVAILABLE, "the revision has not arrived here yet");
              }
            });
  }

  /** Where the request in hand comes from. */
  public Origin origin(Caller.Tenant caller) {
    return new Origin(
        caller.actorId(),
        caller.sponsorId(),
        request.ip(),
        request.userAgent(),
        request.id(),
        Traceparent.traceId(request.traceparent()).orElse(null));
  }

  private static Uni<byte[]> toUni(CompletableFuture<byte[]> answer) {
    return answer.isDone() && !answer.isCompletedExceptionally()
        ? Uni.createFrom().item(answer.join())
        : Uni.createFrom().completionStage(answer);
  }
}
