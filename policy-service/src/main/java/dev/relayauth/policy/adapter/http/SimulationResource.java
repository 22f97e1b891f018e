package dev.relayauth.policy.adapter.http;

import dev.relayauth.common.event.AuditRecord;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.http.RequiresScope;
import dev.relayauth.policy.adapter.http.SimulationBody.Change;
import dev.relayauth.policy.adapter.http.SimulationBody.Period;
import dev.relayauth.policy.adapter.internal.DecisionRecords;
import dev.relayauth.policy.adapter.kafka.AuthorityProjection;
import dev.relayauth.policy.domain.replay.RecordedDecision;
import dev.relayauth.policy.domain.replay.Replay;
import dev.relayauth.policy.domain.replay.Rules;
import dev.relayauth.policy.domain.replay.Simulation;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a change would have made of the recorded decisions of a period. Nothing is changed. */
@Path("/v1/policies:simulate")
public final class SimulationResource {
  private static final int PAGE = 500;

  private final CandidateRules candidates;
  private final DecisionRecords records;
  private final AuthorityProjection authorities;
  private final Replay replay;
  private final CurrentRequest request;
  private final InstantSource clock;

  SimulationResource(
      CandidateRules candidates,
      DecisionRecords records,
      AuthorityProjection authorities,
      Replay replay,
      CurrentRequest request,
      InstantSource clock) {
    this.candidates = candidates;
    this.records = records;
    this.authorities = authorities;
    this.replay = replay;
    this.request = request;
    this.clock = clock;
  }

  /** A decision that would come out differently. */
  record ExampleView(
      String decisionId,
      @Nullable String identityId,
      String scope,
      Instant at,
      OutcomeView before,
      OutcomeView after) {
    static ExampleView of(Simulation.Example example) {
      RecordedDecision decision = example.decision();
      return new ExampleView(
          decision.decisionId(),
          decision.identityId(),
          decision.scope(),
          decision.at(),
          OutcomeView.of(example.before()),
          OutcomeView.of(example.after()));
    }
  }

  /** How many of a kind, and some of them. */
  record GroupView(long count, List<ExampleView> examples) {
    static GroupView of(Simulation.Group group) {
      return new GroupView(group.count(), group.examples().stream().map(ExampleView::of).toList());
    }
  }

  /**
   * What came of it.
   *
   * @param evaluated how many decisions were looked at
   * @param truncated whether the period had more
   * @param skipped decisions whose inputs were too large to be kept
   */
  record Report(
      Instant from,
      Instant to,
      long evaluated,
      boolean truncated,
      GroupView newlyAllowed,
      GroupView newlyDenied,
      GroupView otherReason,
      long unchanged,
      long skipped) {}

  /** Tries changes on the past. */
  @POST
  @RequiresScope({"relayauth:policy:read", "relayauth:audit:read"})
  @RunOnVirtualThread
  public Report simulate(@Nullable SimulationBody sent) {
    SimulationBody body = AdministrativeWrites.require(sent);
    List<Change> changes = body.all();
    Period period = body.period(clock.instant().plusMillis(1).truncatedTo(ChronoUnit.MICROS));
    String org = request.tenant().org();
    Rules rules = authorities.copyOf(org);
    Rules candidate = rules.copy();
    candidates.apply(org, changes, candidate);
    Simulation simulation =
        new Simulation(replay, rules.compile(), candidate.compile(), period.examples());
    return run(org, period, simulation);
  }

  private Report run(String org, Period period, Simulation simulation) {
    Set<String> seen = new HashSet<>();
    long evaluated = 0;
    Instant end = period.to();
    while (true) {
      List<AuditRecord> page = records.page(org, period.from(), end, PAGE);
      int fresh = 0;
      for (AuditRecord found : page) {
        if (!seen.add(found.id())) {
          continue;
        }
        fresh++;
        for (RecordedDecision decision : RecordReader.all(found)) {
          if (evaluated == period.limit()) {
            return report(period, evaluated, true, simulation.result());
          }
          simulation.consider(decision);
          evaluated++;
        }
      }
      if (page.size() < PAGE || fresh == 0) {
        return report(period, evaluated, false, simulation.result());
      }
      // The end is not part of a period, and others may share the last moment.
      end = page.getLast().timestamp().plus(1, ChronoUnit.MICROS);
    }
  }

  private static Report report(
      Period period, long evaluated, boolean truncated, Simulation.Result result) {
    return new Report(
        period.from(),
        period.to(),
        evaluated,
        truncated,
        GroupView.of(result.newlyAllowed()),
        GroupView.of(result.newlyDenied()),
        GroupView.of(result.otherReason()),
        result.unchanged(),
        result.skipped());
  }
}
