package dev.relayauth.audit.adapter.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.relayauth.common.outbox.Transactions;
import dev.relayauth.testing.LocalServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** The service under test is the first replica, which reads all three partitions. */
@QuarkusTest
@QuarkusTestResource(
    value = LocalServers.class,
    initArgs = @ResourceArg(name = "service", value = "audit"))
class PartitionLeasesTest {
  private static final List<Integer> PARTITIONS = List.of(0, 1, 2);
  private static final Duration LIMIT = Duration.ofSeconds(30);

  @Inject DataSource dataSource;
  @Inject Transactions transactions;

  @Test
  void replicasShareThePartitionsAndNoneIsHeldTwice() throws SQLException {
    try (PartitionLeases second = new PartitionLeases(dataSource, "second");
        PartitionLeases third = new PartitionLeases(dataSource, "third")) {
      await()
          .atMost(LIMIT)
          .untilAsserted(
              () -> {
                Set<Integer> bySecond = second.renew(PARTITIONS);
                Set<Integer> byThird = third.renew(PARTITIONS);
                assertThat(bySecond).hasSize(1);
                assertThat(byThird).hasSize(1);
                Set<Integer> both = new HashSet<>(bySecond);
                both.addAll(byThird);
                assertThat(both).hasSize(2);
              });
    }
  }

  @Test
  void whatAReplicaHeldIsReadByAnotherWhenItIsGone() throws SQLException {
    try (PartitionLeases second = new PartitionLeases(dataSource, "second")) {
      await().atMost(LIMIT).until(() -> !second.renew(PARTITIONS).isEmpty());
    }

    await().atMost(LIMIT).until(() -> locks() == PARTITIONS.size());
  }

  private long locks() {
    return transactions
        .read(
            tx ->
                tx.first(
                    "select count(*) from pg_locks where locktype = 'advisory' and granted"
                        + " and classid = 1096107088",
                    row -> row.getLong(1)))
        .orElseThrow();
  }
}
