package dev.relayauth.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.relayauth.revocation.domain.propagation.Propagation;
import dev.relayauth.revocation.domain.propagation.Verifiers;
import dev.relayauth.revocation.domain.propagation.Verifiers.Standing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PropagationTest {
  private static final Duration BOUND = Duration.ofMillis(200);

  @Test
  void answersOnceEveryLiveVerifierHasAppliedTheEntry() {
    Registry registry = new Registry(new Standing(3, 1, true));
    registry.afterThreeQuestions = new Standing(3, 0, true);
    Propagation propagation = new Propagation(registry, BOUND);

    Propagation.Acknowledged answer = propagation.await(7, System.nanoTime());

    assertThat(answer.verifiers()).isEqualTo(3);
    assertThat(registry.asked).isEqualTo(4);
    assertThat(registry.hurried).containsExactly(7L);
    assertThat(answer.maxMillis()).isLessThan(BOUND.toMillis());
  }

  @Test
  void answersAfterTheBoundWhenAVerifierStaysBehind() {
    Propagation propagation = new Propagation(new Registry(new Standing(3, 1, true)), BOUND);
    long committed = System.nanoTime();

    Propagation.Acknowledged answer = propagation.await(7, committed);

    assertThat(answer.verifiers()).isEqualTo(2);
    assertThat(System.nanoTime() - committed).isGreaterThan(BOUND.toNanos());
  }

  @Test
  void trustsNoRegistryThatHasJustBegun() {
    Propagation propagation = new Propagation(new Registry(new Standing(0, 0, false)), BOUND);
    long committed = System.nanoTime();

    propagation.await(7, committed);

    assertThat(System.nanoTime() - committed).isGreaterThan(BOUND.toNanos());
  }

  /** Answers alike, and may change its mind after three questions. */
  private static final class Registry implements Verifiers {
    final List<Long> hurried = new ArrayList<>();
    Standing afterThreeQuestions;
    int asked;
    private final Standing first;

    Registry(Standing first) {
      this.first = first;
      this.afterThreeQuestions = first;
    }

    @Override
    public Standing standing(long seq, Duration lease) {
      return ++asked > 3 ? afterThreeQuestions : first;
    }

    @Override
    public void hurry(long seq) {
      hurried.add(seq);
    }
  }
}
