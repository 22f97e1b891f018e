package dev.relayauth.stack.bench;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.relayauth.stack.bench.LoadGenerator.Calls;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PaceNotHeldTest {
  private static final double TOO_FAST = 1e9;

  private final Vertx vertx = Vertx.vertx();
  private final LoadGenerator generator = new LoadGenerator(vertx);

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void saysThatAPaceIsTooFastWhenAnswersDoNotCome() {
    Calls unanswered = new Calls("unanswered", n -> Promise.<Integer>promise().future());
    assertThatThrownBy(() -> generator.paced(unanswered, List.of(), TOO_FAST, 1))
        .isExactlyInstanceOf(PaceNotHeldException.class)
        .hasMessageContaining("can't keep up");
  }

  @Test
  void aRequestThatFailsIsNoMatterOfPace() {
    Calls failing = new Calls("failing", n -> Future.failedFuture("status 500"));
    assertThatThrownBy(() -> generator.paced(failing, List.of(), TOO_FAST, 1))
        .isExactlyInstanceOf(IllegalStateException.class)
        .hasMessageContaining("status 500");
  }
}
