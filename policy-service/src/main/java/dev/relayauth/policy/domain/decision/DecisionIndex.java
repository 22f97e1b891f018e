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
   * Gives the rules of a layer and effect that concern the agent and overlap what is requested; a
   * rule may come twice. Those of an ancestor's agent layer bind its descendants too, and so do the
   * denies of an ancestor's workspace, of whoever acts for the agent, and of their workspaces.
   */
  void candidates(Layer layer, Effect effect, Facts facts, Scope requested, Consumer<Rule> found) {
    switch (layer) {
      case ORG -> org.of(effect).overlapping(requested, found);
      case WORKSPACE -> inWorkspaces(effect, facts, requested, found);
      case AGENT -> ofAgents(effect, facts, requested, found);
    }
  }

  private void inWorkspaces(Effect effect, Facts facts, Scope requested, Consumer<Rule> found) {
    if (byWorkspace.isEmpty()) {
      return;
    }
    String own = facts.agent().state().workspaceId();
    if (own != null) {
      give(byWorkspace.get(own), effect, requested, found);
    }
    if (effect == Effect.deny) {
      for (String workspace : facts.workspaces()) {
        if (!workspace.equals(own)) {
          give(byWorkspace.get(workspace), effect, requested, found);
        }
      }
    }
  }

  private void ofAgents(Effect effect, Facts facts, Scope requested, Consumer<Rule> found) {
    if (byAgent.isEmpty()) {
      return;
    }
    Consumer<Rule> concerning =
        rule -> {
          if (rule.concerns(facts)) {
            found.accept(rule);
          }
        };
    for (String id : facts.agent().sponsorChain()) {
      give(byAgent.get(id), effect, requested, concerning);
    }
    if (effect == Effect.deny) {
      for (String id : facts.actors()) {
        give(byAgent.get(id), effect, requested, concerning);
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
