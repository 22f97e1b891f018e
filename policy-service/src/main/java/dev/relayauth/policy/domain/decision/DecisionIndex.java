package dev.relayauth.policy.domain.decision;

import dev.relayauth.common.event.PolicyState.Effect;
import dev.relayauth.common.scope.Scope;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The policies of one organisation, compiled: by layer, denies apart from allows, each by scope.
 * Immutable. Policies that don't concern a request cost it nothing.
 */
public final class DecisionIndex {
  private static final DecisionIndex EMPTY = of(List.of());

  private final Tables org;
  private final Map<String, Tables> byWorkspace;
  private final Map<String, Tables> byAgent;

  private DecisionIndex(Tables org, Map<String, Tables> byWorkspace, Map<String, Tables> byAgent) {
    this.org = org;
    this.byWorkspace = byWorkspace;
    this.byAgent = byAgent;
  }

  private record Tables(ScopeTable denies, ScopeTable allows) {
    static Tables of(Collection<Rule> rules) {
      return new Tables(table(rules, Effect.deny), table(rules, Effect.allow));
    }

    private static ScopeTable table(Collection<Rule> rules, Effect effect) {
      return ScopeTable.of(rules.stream().filter(rule -> rule.effect() == effect).toList());
    }

    ScopeTable of(Effect effect) {
      return switch (effect) {
        case deny -> denies;
        case allow -> allows;
      };
    }
  }

  /** No policy at all. */
  public static DecisionIndex empty() {
    return EMPTY;
  }

  /** Compiles the rules of one organisation. */
  public static DecisionIndex of(Collection<Rule> rules) {
    List<Rule> everywhere = new ArrayList<>();
    Map<String, List<Rule>> workspaces = new HashMap<>();
    Map<String, List<Rule>> agents = new HashMap<>();
    for (Rule rule : rules) {
      if (rule.identityId() != null) {
        agents.computeIfAbsent(rule.identityId(), id -> new ArrayList<>(1)).add(rule);
      } else if (rule.workspaceId() != null) {
        workspaces.computeIfAbsent(rule.workspaceId(), id -> new ArrayList<>(1)).add(rule);
      } else {
        everywhere.add(rule);
      }
    }
    return new DecisionIndex(Tables.of(everywhere), tables(workspaces), tables(agents));
  }

  private static Map<String, Tables> tables(Map<String, List<Rule>> rules) {
    Map<String, Tables> tables = new HashMap<>();
    rules.forEach((id, some) -> tables.put(id, Tables.of(some)));
    return Map.copyOf(tables);
  }

  /**
   * Gives the rules of a layer and effect that concern the agent and overlap what is requested.
   * Those of an ancestor's agent layer bind its descendants too: what an agent may not do, it can't
   * have done by a sub-agent.
   */
  void candidates(Layer layer, Effect effect, Agent agent, Scope requested, Consumer<Rule> found) {
    switch (layer) {
      case ORG -> org.of(effect).overlapping(requested, found);
      case WORKSPACE -> {
        String workspace = agent.state().workspaceId();
        if (workspace != null) {
          give(byWorkspace.get(workspace), effect, requested, found);
        }
      }
      case AGENT -> {
        if (!byAgent.isEmpty()) {
          Consumer<Rule> concerning =
              rule -> {
                if (rule.concerns(agent)) {
                  found.accept(rule);
                }
              };
          for (String id : agent.sponsorChain()) {
            give(byAgent.get(id), effect, requested, concerning);
          }
        }
      }
    }
  }

  private static void give(
      @Nullable Tables tables, Effect effect, Scope requested, Consumer<Rule> found) {
    if (tables != null) {
      tables.of(effect).overlapping(requested, found);
    }
  }
}
