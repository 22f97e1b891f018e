package dev.relayauth.policy.adapter.http;

import dev.relayauth.common.credential.Caller;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.http.Violations;
import dev.relayauth.common.revision.Revisions;
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
    return toUni(one(body, asking()).thenApply(AnswerJson::one));
  }

  /**
   * Answers one question from anywhere.
   *
   * @throws RefusedException when it can't be read as one
   */
  public CompletableFuture<Answer> one(AuthorizeBody body, Asking asking) {
    Caller.Tenant caller = asking.caller();
    AdministrativeWrites.requireOwn(body.orgId(), caller);
    AccessQuery query = AccessQuery.read(body, "");
    return seen(body.atLeastAsFresh(), asking)
        .thenCompose(done -> decisions.answer(asking, query))
        .thenCompose(answer -> trail.record(answer, asking.origin(), asking.trace()));
  }

  /** Answers many, in their order. */
  Uni<byte[]> many(@Nullable BatchBody sent) {
    BatchBody batch = AdministrativeWrites.require(sent);
    return toUni(many(batch, asking()).thenApply(AnswerJson::many));
  }

  /**
   * Answers many questions from anywhere.
   *
   * @throws RefusedException when one can't be read
   */
  public CompletableFuture<List<Answer>> many(BatchBody batch, Asking asking) {
    Caller.Tenant caller = asking.caller();
    List<AccessQuery> queries = queries(batch, caller);
    String id = decisions.newId();
    return seenBy(batch, asking)
        .thenCompose(done -> answers(asking, queries, id))
        .thenCompose(answers -> trail.record(id, answers, asking.origin(), asking.trace()));
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

  private CompletableFuture<List<Answer>> answers(
      Asking asking, List<AccessQuery> queries, String id) {
    List<CompletableFuture<Answer>> pending = new ArrayList<>(queries.size());
    for (AccessQuery query : queries) {
      pending.add(decisions.answer(asking, query, DecisionIds.ofItem(id, pending.size())));
    }
    return CompletableFuture.allOf(pending.toArray(CompletableFuture[]::new))
        .thenApply(done -> pending.stream().map(CompletableFuture::join).toList());
  }

  private CompletableFuture<Void> seenBy(BatchBody batch, Asking asking) {
    Set<String> wanted = new HashSet<>();
    List<@Nullable AuthorizeBody> bodies = batch.requests();
    if (bodies != null) {
      for (AuthorizeBody body : bodies) {
        if (body != null && body.atLeastAsFresh() != null) {
          wanted.add(body.atLeastAsFresh());
        }
      }
    }
    CompletableFuture<Void> seen = seen(batch.atLeastAsFresh(), asking);
    for (String revision : wanted) {
      seen = seen.thenCombine(seen(revision, asking), (left, right) -> left);
    }
    return seen;
  }

  private CompletableFuture<Void> seen(@Nullable String revision, Asking asking) {
    if (revision == null || asking.unproven()) {
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

  /** Who makes the request in hand, and from where; the decision will be its record. */
  public Asking asking() {
    Callers.Admitted caller = new Callers.Admitted(request.tenant(), request.isUnproven());
    request.recordedElsewhere();
    return Asking.of(
        caller, request.ip(), request.userAgent(), request.id(), request.traceparent());
  }

  private static Uni<byte[]> toUni(CompletableFuture<byte[]> answer) {
    return answer.isDone() && !answer.isCompletedExceptionally()
        ? Uni.createFrom().item(answer.join())
        : Uni.createFrom().completionStage(answer);
  }
}
