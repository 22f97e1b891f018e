package dev.relayauth.policy.adapter.budget;

import dev.relayauth.policy.domain.budget.Allocation;
import dev.relayauth.policy.domain.budget.Budgets;
import dev.relayauth.policy.domain.budget.Charge;
import dev.relayauth.policy.domain.decision.Reason;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What budgets say to a permit.
 *
 * @param refusal why it is none after all; null when it stands
 * @param rooms what each cap has left
 * @param refused the cap that has no room
 * @param reservation names what was taken, for whoever gives a part of it back
 * @param taken of every cap
 * @param cost the ledger's units that were taken
 */
public record Spending(
    @Nullable Reason refusal,
    Budgets budgets,
    List<Charge.Room> rooms,
    Charge.@Nullable Refused refused,
    @Nullable String reservation,
    List<Allocation> taken,
    long cost) {
  /** Copies the lists. */
  public Spending {
    rooms = List.copyOf(rooms);
    taken = List.copyOf(taken);
  }
}
