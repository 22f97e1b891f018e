package dev.relayauth.policy.domain.decision;

import java.util.Optional;

/** How a condition compares. */
enum Operator {
  EQ("eq", false),
  NEQ("neq", true),
  IN("in", false),
  NOT_IN("not_in", true),
  GT("gt", false),
  LT("lt", false),
  MATCHES("matches", false);

  private final String wireName;
  private final boolean negative;

  Operator(String wireName, boolean negative) {
    this.wireName = wireName;
    this.negative = negative;
  }

  static Optional<Operator> of(String wireName) {
    for (Operator operator : values()) {
      if (operator.wireName.equals(wireName)) {
        return Optional.of(operator);
      }
    }
    return Optional.empty();
  }

  /** Whether it holds exactly when its positive twin does not. */
  boolean isNegative() {
    return negative;
  }

  /** Whether it takes a list. */
  boolean isList() {
    return this == IN || this == NOT_IN;
  }

  /** Whether it asks for sameness: with one value or one of a list. */
  boolean isSameness() {
    return switch (this) {
      case EQ, NEQ, IN, NOT_IN -> true;
      case GT, LT, MATCHES -> false;
    };
  }

  /** What a comparison has to come to. */
  boolean accepts(int comparison) {
    return switch (this) {
      case GT -> comparison > 0;
      case LT -> comparison < 0;
      case EQ, IN, NEQ, NOT_IN, MATCHES -> comparison == 0;
    };
  }

  @Override
  public String toString() {
    return wireName;
  }
}
