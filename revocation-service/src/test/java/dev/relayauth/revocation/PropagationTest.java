package dev.relayauth.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.relayauth.revocation.domain.propagation.Propagation;
import dev.relayauth.revocation.domain.propagation.Verifiers.Standing;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PropagationTest {
  private static final Duration BOUND = Duration.ofMillis(200);

  @Test
  void answersOnceEveryLiveVerifierHasAppliedTheEntry() {
    AtomicInteger asked = new AtomicInteger();
    Propagation propagation =
        new Propagation(
            (seq, lease) -> new Standing(3, asked.incrementAndGet() < 4 ? 1 : 0, true), BOUND);

    Propagation.Acknowledged answer = propagation.await(7, System.nanoTime());

    assertThat(answer.verifiers()).isEqualTo(3);
    assertThat(asked).hasValue(4);
    assertThat(answer.maxMillis()).isLessThan(BOUND.toMillis());
  }

  @Test
  void answersAfterTheBoundWhenAVerifierStaysBehind() {
    Propagation propagation = new Propagation((seq, lease) -> new Standing(3, 1, true), BOUND);
    long committed = System.nanoTime();

    Propagation.Acknowledged answer = propagation.await(7, committed);

    assertThat(answer.verifiers()).isEqualTo(2);
    assertThat(System.nanoTime() - committed).isGreaterThan(BOUND.toNanos());
  }

  @Test
  void trustsNoRegistryThatHasJustBegun() {
    Propagation propagation = new Propagation((seq, lease) -> new Standing(0, 0, false), BOUND);
    long committed = System.nanoTime();

    propagation.await(7, committed);

    assertThat(System.nanoTime() - committed).isGreaterThan(BOUND.toNanos());
  }
}
