package dev.relayauth.policy.domain.decision;

/** What became of a condition. */
public enum Finding {
  /** It holds. */
  MET,
  /** It does not hold. */
  UNMET,
  /**
   * The request lacks the value it looks at, or has one that can't be compared. That never permits:
   * a deny counts as matched, an allow as not matched.
   */
  UNKNOWN;

  static Finding of(boolean holds) {
    return holds ? MET : UNMET;
  }

  /** The other way round; what is unknown stays so. */
  Finding negated() {
    return switch (this) {
      case MET -> UNMET;
      case UNMET -> MET;
      case UNKNOWN -> UNKNOWN;
    };
  }

  /** Both: unmet when either is, unknown when nothing is unmet. */
  Finding and(Finding other) {
    return this == UNMET || other == UNMET ? UNMET : this == MET ? other : UNKNOWN;
  }
}
