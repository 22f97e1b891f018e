package dev.relayauth.revocation.adapter.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.relayauth.common.event.AuditRecord;
import dev.relayauth.common.outbox.StorageException;
import dev.relayauth.common.revocation.RevocationKind;
import dev.relayauth.revocation.domain.entry.Revocation;
import dev.relayauth.revocation.domain.entry.RevocationOrder;
import dev.relayauth.revocation.domain.entry.Subject;
import dev.relayauth.revocation.domain.entry.Target;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WriteQueueTest {
  private static final String REFUSED = "tok_refused";
  private static final Instant NOW = Instant.parse("2026-11-28T00:00:00Z");

  private final List<List<String>> transactions = new CopyOnWriteArrayList<>();
  private final CountDownLatch gate = new CountDownLatch(1);
  private final WriteQueue queue = new WriteQueue(this::together);
  private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();

  @AfterEach
  void end() throws InterruptedException {
    gate.countDown();
    clients.close();
    queue.stop();
  }

  private List<Revocation> together(List<WriteQueue.Prepared> orders) {
    try {
      gate.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    List<String> ids = orders.stream().map(each -> each.order().target().id()).toList();
    transactions.add(ids);
    if (ids.contains(REFUSED)) {
      throw new StorageException(new SQLException("refused", "23514"));
    }
    return orders.stream().map(each -> entry(each.order().target())).toList();
  }

  private static Revocation entry(Target target) {
    return new Revocation("rev_" + target.id(), target, false, null, null, 1, NOW, NOW);
  }

  private Future<Revocation> write(String id) {
    Target target = new Target("org_a", RevocationKind.TOKEN, id);
    RevocationOrder order = RevocationOrder.asked(target, Subject.none(), null, "ak_a");
    return clients.submit(() -> queue.write(order, auditRecord(), null));
  }

  private static AuditRecord auditRecord() {
    return new AuditRecord(
        "aud_a",
        "token.revoked",
        null,
        "org_a",
        null,
        null,
        null,
        AuditRecord.Result.allowed,
        null,
        List.of(),
        Map.of(),
        null,
        null,
        null,
        null,
        null,
        NOW);
  }

  @Test
  void sharesTransactionsAndNeverHoldsATargetTwiceInOne() throws Exception {
    List<Future<Revocation>> asked =
        IntStream.range(0, 20)
            .boxed()
            .flatMap(i -> Stream.of(write("tok_" + i), write("tok_" + i)))
            .toList();
    await().until(() -> queue.waiting() == 40);

    queue.start();
    gate.countDown();

    for (Future<Revocation> each : asked) {
      assertThat(each.get().id()).startsWith("rev_tok_");
    }
    assertThat(transactions).hasSize(2);
    assertThat(transactions).allSatisfy(ids -> assertThat(ids).isSorted().doesNotHaveDuplicates());
  }

  @Test
  void oneThatIsRefusedCostsNoOtherItsPlace() throws Exception {
    Future<Revocation> good = write("tok_a");
    Future<Revocation> bad = write(REFUSED);
    await().until(() -> queue.waiting() == 2);

    queue.start();
    gate.countDown();

    assertThat(good.get().id()).isEqualTo("rev_tok_a");
    assertThatThrownBy(bad::get).hasCauseInstanceOf(StorageException.class);
  }
}
