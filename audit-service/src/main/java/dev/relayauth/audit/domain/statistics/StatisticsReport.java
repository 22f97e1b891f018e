package dev.relayauth.audit.domain.statistics;

import dev.relayauth.audit.domain.activity.Agents;
import dev.relayauth.audit.domain.statistics.ActionCounts.Count;
import dev.relayauth.common.event.AuditRecord.Result;
import java.util.List;
import java.util.function.Predicate;

/** Adds the figures up. */
public final class StatisticsReport {
  private static final String CHECKED = "scope.checked";
  private static final String DENIED = "scope.denied";

  private final ActionCounts counts;
  private final Agents agents;

  /** A report over those counts and agents. */
  public StatisticsReport(ActionCounts counts, Agents agents) {
    this.counts = counts;
    this.agents = agents;
  }

  /** The figures of an organisation. */
  public Statistics of(String org) {
    List<Count> all = counts.counts(org);
    return new Statistics(
        sum(all, is("token.issued").and(allowed())),
        sum(all, is("token.revoked").and(allowed())),
        sum(all, is(CHECKED).or(is(DENIED))),
        sum(all, is(DENIED).or(is(CHECKED).and(count -> count.result() == Result.denied))),
        agents.count(org, "active"),
        agents.count(org, "suspended"));
  }

  private static Predicate<Count> is(String action) {
    return count -> count.action().equals(action);
  }

  private static Predicate<Count> allowed() {
    return count -> count.result() == Result.allowed;
  }

  private static long sum(List<Count> counts, Predicate<Count> which) {
    return counts.stream().filter(which).mapToLong(Count::count).sum();
  }
}
