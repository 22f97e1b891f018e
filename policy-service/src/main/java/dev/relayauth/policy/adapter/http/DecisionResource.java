package dev.relayauth.policy.adapter.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.http.RequiresScope;
import dev.relayauth.common.http.Violations;
import dev.relayauth.common.outbox.Transactions;
import dev.relayauth.policy.adapter.internal.AgentChains;
import dev.relayauth.policy.adapter.internal.DecisionRecords;
import dev.relayauth.policy.adapter.postgres.AuthorityHistory;
import dev.relayauth.policy.domain.decision.Agent;
import dev.relayauth.policy.domain.decision.Authority;
import dev.relayauth.policy.domain.decision.Decision;
import dev.relayauth.policy.domain.replay.RecordedDecision;
import dev.relayauth.policy.domain.replay.RecordedDecision.Outcome;
import dev.relayauth.policy.domain.replay.RecordedInputs;
import dev.relayauth.policy.domain.replay.Replay;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decisions of the past: read, and derived again. */
@Path("/v1/decisions")
public final class DecisionResource {
  private static final String OWN = "recorded";
  private static final String TODAY = "current";

  private final DecisionRecords records;
  private final AuthorityHistory history;
  private final Transactions transactions;
  private final AgentChains chains;
  private final AccessDecisions decisions;
  private final Replay replay;
  private final CurrentRequest request;

  DecisionResource(
      DecisionRecords records,
      AuthorityHistory history,
      Transactions transactions,
      AgentChains chains,
      AccessDecisions decisions,
      Replay replay,
      CurrentRequest request) {
    this.records = records;
    this.history = history;
    this.transactions = transactions;
    this.chains = chains;
    this.decisions = decisions;
    this.replay = replay;
    this.request = request;
  }

  /**
   * Under which rules.
   *
   * @param policies {@code recorded}, as when the decision was made, or {@code current}
   */
  record ReplayBody(@Nullable String policies) {}

  /**
   * A decision and what is derived of it now.
   *
   * @param same whether both came out the same, by the same grant and policy
   */
  record Replayed(
      String decisionId,
      String policies,
      boolean same,
      OutcomeView recorded,
      OutcomeView replayed,
      @Nullable JsonNode explanation,
      String policyRevision) {}

  /** A decision as it was recorded. */
  @GET
  @Path("{id}")
  @RequiresScope("relayauth:audit:read")
  @RunOnVirtualThread
  public RecordedView get(@PathParam("id") String id) {
    return RecordedView.of(find(id));
  }

  /** The decision derived again from its recorded inputs. */
  @POST
  @Path("{id}:replay")
  @RequiresScope({"relayauth:audit:read", "relayauth:policy:read"})
  @RunOnVirtualThread
  public Replayed replay(@PathParam("id") String id, @Nullable ReplayBody body) {
    String policies = body == null || body.policies() == null ? OWN : body.policies();
    new Violations()
        .check(
            policies.equals(OWN) || policies.equals(TODAY), "/policies", "is recorded or current")
        .throwIfAny();
    RecordedDecision recorded = find(id);
    RecordedInputs inputs = recorded.inputs();
    if (inputs == null) {
      throw new RefusedException(
          ErrorCode.CONFLICT, "what this decision looked at was too much to be kept");
    }
    Decision again = policies.equals(OWN) ? asItWas(recorded, inputs) : asOfToday(recorded, inputs);
    return new Replayed(
        recorded.decisionId(),
        policies,
        Outcome.of(again).equals(recorded.outcome()),
        OutcomeView.of(recorded.outcome()),
        OutcomeView.of(Outcome.of(again)),
        again.explanation().map(AnswerJson::tree).orElse(null),
        Long.toString(recorded.policyRevision()));
  }

  private Decision asItWas(RecordedDecision recorded, RecordedInputs inputs) {
    Authority authority =
        transactions
            .read(tx -> history.at(tx, recorded.org(), recorded.policyRevision()))
            .compile();
    return replay.explained(recorded, inputs, authority);
  }

  private Decision asOfToday(RecordedDecision recorded, RecordedInputs inputs) {
    String identityId = recorded.identityId();
    List<Agent> chain =
        identityId == null ? List.of() : chains.find(recorded.org(), identityId).join();
    return replay.today(recorded, inputs, chain, decisions.snapshot(recorded.org()));
  }

  private RecordedDecision find(String id) {
    String org = request.tenant().org();
    return DecisionIds.read(id)
        .flatMap(
            read ->
                records
                    .find(org, read.recordId())
                    .flatMap(found -> RecordReader.one(found, id, read.place())))
        .orElseThrow(() -> new RefusedException(ErrorCode.NOT_FOUND, "there is no such decision"));
  }
}
