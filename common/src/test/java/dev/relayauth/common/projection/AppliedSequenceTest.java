package dev.relayauth.common.projection;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AppliedSequenceTest {
  private final AppliedSequence applied = new AppliedSequence();

  @Test
  void completesAtOnceForWhatIsApplied() {
    applied.advance(5);
    assertThat(applied.await(5, Duration.ofSeconds(1))).isCompletedWithValue(true);
  }

  @Test
  void releasesExactlyThoseWhoseSequenceIsReached() {
    CompletableFuture<Boolean> five = applied.await(5, Duration.ofMinutes(1));
    CompletableFuture<Boolean> seven = applied.await(7, Duration.ofMinutes(1));
    applied.advance(6);
    assertThat(five).isCompletedWithValue(true);
    assertThat(seven).isNotDone();
    applied.advance(7);
    assertThat(seven).isCompletedWithValue(true);
  }

  @Test
  void givesUpAfterTheLimit() throws Exception {
    assertThat(applied.await(5, Duration.ofMillis(10)).get(10, TimeUnit.SECONDS)).isFalse();
  }

  @Test
  void refusesToWaitWhenTooManyDo() {
    for (int i = 0; i < 10_000; i++) {
      applied.await(5, Duration.ofMinutes(1));
    }
    assertThat(applied.await(5, Duration.ofMinutes(1))).isCompletedWithValue(false);
  }

  @Test
  void neverGoesBack() {
    applied.advance(9);
    applied.advance(3);
    assertThat(applied.get()).isEqualTo(9);
  }

  @Test
  void losesNoWaiterWhileItAdvances() throws Exception {
    List<CompletableFuture<Boolean>> waits = new ArrayList<>();
    Thread writer =
        Thread.ofPlatform()
            .start(
                () -> {
                  for (long i = 1; i <= 100_000; i++) {
                    applied.advance(i);
                  }
                });
    for (long i = 1; i <= 5_000; i++) {
      waits.add(applied.await(i * 20, Duration.ofMinutes(1)));
    }
    writer.join();
    for (CompletableFuture<Boolean> wait : waits) {
      assertThat(wait.get(10, TimeUnit.SECONDS)).isTrue();
    }
  }
}
