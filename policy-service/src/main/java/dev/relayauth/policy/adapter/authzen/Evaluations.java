package dev.relayauth.policy.adapter.authzen;

import dev.relayauth.common.credential.Caller;
import dev.relayauth.common.http.Violations;
import dev.relayauth.policy.adapter.authzen.Questions.Question;
import dev.relayauth.policy.adapter.http.AccessDecisions;
import dev.relayauth.policy.adapter.http.Answer;
import dev.relayauth.policy.adapter.http.Asking;
import dev.relayauth.policy.adapter.http.DecisionIds;
import dev.relayauth.policy.adapter.http.DecisionTrail;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Answers AuthZEN's questions by the decision point that answers all others, on the same record.
 */
@Singleton
public final class Evaluations {
  /** The most questions in one request. */
  static final int MAX_EVALUATIONS = 1000;

  private final Questions questions;
  private final AccessDecisions decisions;
  private final DecisionTrail trail;

  Evaluations(Questions questions, AccessDecisions decisions, DecisionTrail trail) {
    this.questions = questions;
    this.decisions = decisions;
    this.trail = trail;
  }

  /**
   * Who asks.
   *
   * @param bearer the caller's own token, when it has one
   */
  record Peer(Asking asking, @Nullable String bearer) {
    Caller.Tenant caller() {
      return asking.caller();
    }

    /** Never the token. */
    @Override
    public String toString() {
      return "Peer[" + caller().actorId() + "]";
    }
  }

  /** Answers one. */
  CompletableFuture<Answer> one(EvaluationBody body, Peer peer) {
    Question question = questions.read(body, "", peer.caller(), peer.bearer());
    return decide(question, peer, decisions.newId())
        .thenCompose(answer -> trail.record(answer, peer.asking().origin(), peer.asking().trace()));
  }

  /** Answers many in their order, as far as the semantic goes. Blocking. */
  List<Answer> many(EvaluationsBody body, List<EvaluationBody> items, Peer peer) {
    Semantic semantic = semantic(body);
    List<Question> read = new ArrayList<>(items.size());
    for (EvaluationBody item : items) {
      String pointer = "/evaluations/" + read.size();
      EvaluationBody whole = item.orElse(body.defaults());
      read.add(questions.read(whole, pointer, peer.caller(), peer.bearer()));
    }
    String id = decisions.newId();
    List<Answer> answers = new ArrayList<>(read.size());
    for (Question question : read) {
      Answer answer = decide(question, peer, DecisionIds.ofItem(id, answers.size())).join();
      answers.add(answer);
      if (semantic.endsWith(answer.decision().isAllowed())) {
        break;
      }
    }
    return trail.record(id, answers, peer.asking().origin(), peer.asking().trace()).join();
  }

  private static Semantic semantic(EvaluationsBody body) {
    String named = body.options() == null ? null : body.options().semantic();
    new Violations()
        .check(
            Semantic.of(named).isPresent(),
            "/options/evaluations_semantic",
            "is execute_all, deny_on_first_deny or permit_on_first_permit")
        .list(body.evaluations(), "/evaluations", MAX_EVALUATIONS)
        .throwIfAny();
    return Semantic.of(named).orElseThrow();
  }

  private CompletableFuture<Answer> decide(Question question, Peer peer, String id) {
    return decisions.answer(
        peer.asking(), question.query(), id, token -> Subjects.own(token, question.identityId()));
  }
}
