package dev.relayauth.policy.domain.budget;

import java.util.List;

/** What became of a request to the ledger itself. */
public sealed interface OperationResult {
  /**
   * It is done, now or by an earlier request with the same key.
   *
   * @param rooms what each cap has left
   */
  record Done(Operation operation, List<Charge.Room> rooms) implements OperationResult {
    /** Copies the list. */
    public Done {
      rooms = List.copyOf(rooms);
    }
  }

  /** A cap has no room for it. */
  record Exceeded(Charge.Refused refusal) implements OperationResult {}

  /**
   * Its present state, or another use of its key, is in the way.
   *
   * @param certain whether that stays so when replicas have told what they used
   */
  record Conflicting(String detail, boolean certain) implements OperationResult {
    /** For certain. */
    public Conflicting(String detail) {
      this(detail, true);
    }
  }

  /** More was to be committed than reserved, or credited than spent. */
  record TooMuch(long most) implements OperationResult {}

  /** The amount is finer than a minor unit of the currency. */
  record TooFine(String currency) implements OperationResult {}

  /** There is no such reservation. */
  record Unknown() implements OperationResult {}

  /** Whether the answer would be the same if replicas returned what they have on lease. */
  default boolean isCertain() {
    return switch (this) {
      case Exceeded exceeded -> exceeded.refusal().certain();
      case Conflicting conflicting -> conflicting.certain();
      case Done ignored -> true;
      case TooMuch ignored -> true;
      case TooFine ignored -> true;
      case Unknown ignored -> true;
    };
  }
}
