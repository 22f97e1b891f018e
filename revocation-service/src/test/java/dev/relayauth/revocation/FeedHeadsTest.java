package dev.relayauth.revocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.relayauth.common.event.Topics;
import dev.relayauth.common.outbox.FeedHeads;
import dev.relayauth.testing.LocalServers;
import io.agroal.api.AgroalDataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(
    value = LocalServers.class,
    initArgs = @ResourceArg(name = "service", value = "revocation"))
class FeedHeadsTest {
  /** The relay, the changes and the heads keep one each. */
  private static final int KEPT = 3;

  @Inject AgroalDataSource dataSource;
  @Inject FeedHeads heads;

  @Test
  void answersWhileWritesHoldEveryOtherConnection() {
    heads.read(Topics.REVOCATION);
    int most = dataSource.getConfiguration().connectionPoolConfiguration().maxSize();
    AtomicInteger held = new AtomicInteger();
    CountDownLatch release = new CountDownLatch(1);
    try (ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
      try {
        for (int i = 0; i < most; i++) {
          writers.execute(() -> hold(held, release));
        }
        await().until(() -> held.get() >= most - KEPT);

        assertThat(heads.read(Topics.REVOCATION)).isNotNegative();
      } finally {
        release.countDown();
      }
    }
  }

  private void hold(AtomicInteger held, CountDownLatch release) {
    try (Connection connection = dataSource.getConnection()) {
      held.incrementAndGet();
      release.await();
    } catch (SQLException e) {
      // One that came too late for a connection holds none.
      held.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
