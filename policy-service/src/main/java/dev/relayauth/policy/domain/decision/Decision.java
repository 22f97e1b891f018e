package dev.relayauth.policy.domain.decision;

import dev.relayauth.common.scope.Scope;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The answer to a request. */
public sealed interface Decision {
  /** Why. */
  Reason reason();

  /** What it rests on. */
  Matched matched();

  /** How it came about, when that was asked for. */
  Optional<Explanation> explanation();

  /** The same decision, explained. */
  Decision explainedBy(Explanation explanation);

  /**
   * It may, if the enforcement point does what the obligations say.
   *
   * @param obligations each with its {@code type}
   */
  record Permit(
      Matched matched, List<Map<String, String>> obligations, @Nullable Explanation explained)
      implements Decision {
    /** Copies the obligations. */
    public Permit {
      obligations = List.copyOf(obligations);
    }

    @Override
    public Reason reason() {
      return Reason.GRANTED;
    }

    @Override
    public Optional<Explanation> explanation() {
      return Optional.ofNullable(explained);
    }

    @Override
    public Decision explainedBy(Explanation explanation) {
      return new Permit(matched, obligations, explanation);
    }
  }

  /** It may not. */
  record Deny(Reason reason, Matched matched, @Nullable Explanation explained) implements Decision {
    static Deny because(Reason reason) {
      return new Deny(reason, Matched.NOTHING, null);
    }

    @Override
    public Optional<Explanation> explanation() {
      return Optional.ofNullable(explained);
    }

    @Override
    public Decision explainedBy(Explanation explanation) {
      return new Deny(reason, matched, explanation);
    }
  }

  /** The same decision, denied after all. */
  default Decision refusedBy(Reason reason, Scope requested) {
    Decision deny = new Deny(reason, matched(), null);
    return explanation()
        .map(known -> deny.explainedBy(known.summedUp(Summary.of(deny, requested, null))))
        .orElse(deny);
  }

  /** Whether it is a permit. */
  default boolean isAllowed() {
    return this instanceof Permit;
  }
}
