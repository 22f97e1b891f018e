package dev.relayauth.token.domain.issuing;

import java.util.function.Function;

/** What a step comes to: a value, or a refusal that ends the matter. */
public sealed interface Outcome<T> {
  /** The step succeeded. */
  record Accepted<T>(T value) implements Outcome<T> {}

  /** The step is refused. */
  record Refused<T>(Refusal refusal) implements Outcome<T> {}

  /** A success. */
  static <T> Outcome<T> of(T value) {
    return new Accepted<>(value);
  }

  /** A refusal. */
  static <T> Outcome<T> refuse(Refusal refusal) {
    return new Refused<>(refusal);
  }

  /** The next step, unless this one was refused. */
  default <R> Outcome<R> then(Function<T, Outcome<R>> next) {
    return switch (this) {
      case Accepted<T> accepted -> next.apply(accepted.value());
      case Refused<T> refused -> new Refused<>(refused.refusal());
    };
  }
}
