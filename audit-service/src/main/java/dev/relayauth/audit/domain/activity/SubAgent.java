package dev.relayauth.audit.domain.activity;

import java.util.List;

/** A sub-agent with what it made in turn. */
public record SubAgent(String id, String name, String status, List<SubAgent> children) {
  /** A tree is cut at this many agents, so that an answer stays bounded. */
  public static final int MAX = 1_000;

  /** What hangs below an agent, {@link #MAX} agents at most, the nearest generations first. */
  public static List<SubAgent> below(Agents agents, String org, String id) {
    return new Growth(agents, org).below(id, 0);
  }

  /** Counts what is left of the bound while the tree grows. */
  private static final class Growth {
    private static final int MAX_DEPTH = 10;

    private final Agents agents;
    private final String org;
    private int left = MAX;

    Growth(Agents agents, String org) {
      this.agents = agents;
      this.org = org;
    }

    List<SubAgent> below(String id, int depth) {
      if (depth == MAX_DEPTH || left <= 0) {
        return List.of();
      }
      List<Agent> children = agents.children(org, id);
      List<Agent> shown = children.subList(0, Math.min(left, children.size()));
      left -= shown.size();
      return shown.stream()
          .map(
              child ->
                  new SubAgent(
                      child.id(), child.name(), child.status(), below(child.id(), depth + 1)))
          .toList();
    }
  }
}
