package dev.relayauth.audit.domain.activity;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tells what an agent used and what hangs below it. */
public final class ActivityReport {
  private final Agents agents;
  private final UsageLog usage;
  private final BudgetLedger ledger;
  private final InstantSource clock;

  /** A report over those agents, that log and that ledger. */
  public ActivityReport(Agents agents, UsageLog usage, BudgetLedger ledger, InstantSource clock) {
    this.agents = agents;
    this.usage = usage;
    this.ledger = ledger;
    this.clock = clock;
  }

  /** An agent, its chain to a human, its budget and its sub-agents. */
  public record Activity(
      List<String> sponsorChain, BudgetUsage budgetUsage, List<SubAgent> subAgents) {}

  /** The activity of an agent; empty when the organisation has none of that id. */
  public Optional<Activity> of(String org, String id) {
    return agents
        .find(org, id)
        .map(
            agent ->
                new Activity(
                    agent.sponsorChain(), budgetUsage(agent), SubAgent.below(agents, org, id)));
  }

  /** What the ledger says, and what the log does of what that doesn't count. */
  private BudgetUsage budgetUsage(Agent agent) {
    BudgetUsage logged =
        BudgetUsage.of(usage.usage(agent.org(), agent.id(), clock.instant()), caps(agent));
    return ledger.used(agent.org(), agent.id()).map(logged::corrected).orElse(logged);
  }

  /** Its own caps, or those of its nearest ancestor that has some. */
  private Agent.@Nullable Caps caps(Agent agent) {
    if (agent.caps() != null || agent.parentId().isEmpty()) {
      return agent.caps();
    }
    return agents.find(agent.org(), agent.parentId()).map(this::caps).orElse(null);
  }
}
