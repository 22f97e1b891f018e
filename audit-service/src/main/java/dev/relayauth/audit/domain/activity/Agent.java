package dev.relayauth.audit.domain.activity;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An agent as the activity of an organisation shows it.
 *
 * @param sponsorChain first the human, last the agent
 * @param status such as {@code active}
 * @param caps its own; null means its parent's
 */
public record Agent(
    String org,
    String id,
    String name,
    String status,
    List<String> sponsorChain,
    @Nullable Caps caps) {
  /** Copies the chain. */
  public Agent {
    sponsorChain = List.copyOf(sponsorChain);
  }

  /** The agent it was made by; empty text when a human made it. */
  public String parentId() {
    return sponsorChain.size() > 2 ? sponsorChain.get(sponsorChain.size() - 2) : "";
  }

  /** What it may do and spend. */
  public record Caps(@Nullable Long actionsPerHour, @Nullable BigDecimal costPerDay) {}
}
