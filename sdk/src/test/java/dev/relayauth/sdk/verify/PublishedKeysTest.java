package dev.relayauth.sdk.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Many who need the same keys at once. */
class PublishedKeysTest {
  private static final int MANY = 8;

  private final List<Thread> threads = new ArrayList<>();
  private FakeIssuer issuer;

  @BeforeEach
  void start() throws IOException {
    issuer = new FakeIssuer();
  }

  @AfterEach
  void stop() {
    issuer.close();
  }

  @Test
  void believesAllGoodTokensThatComeBeforeTheKeysDo() throws Exception {
    String token = issuer.token("stripe:orders:read");
    CountDownLatch release = issuer.holdKeys();
    try (TokenVerifier verifier =
        TokenVerifier.builder()
            .issuer(issuer.url())
            .organization("org_acme")
            .audience(List.of("stripe"))
            .withoutRevocations()
            .build()) {
      List<FutureTask<String>> answers = atOnce(() -> verifier.verify(token).subject());
      untilNobodyRuns();

      release.countDown();

      for (FutureTask<String> answer : answers) {
        assertThat(answer.get()).isEqualTo("agent_bot");
      }
      assertThat(issuer.keyRequests).hasValue(1);
    }
  }

  @Test
  void findsANewKeyForAllWhoNeedItByOneFetch() throws Exception {
    PublishedKeys keys =
        new PublishedKeys(
            HttpClient.newHttpClient(),
            URI.create(issuer.url() + "/.well-known/jwks.json"),
            Duration.ZERO,
            Duration.ofMinutes(5));
    keys.refreshWhenOld();
    issuer.rotate();
    CountDownLatch release = issuer.holdKeys();
    long seen = keys.fetchedAt();

    List<FutureTask<Boolean>> answers =
        atOnce(() -> keys.refresh(seen) && keys.find(issuer.kid()).isPresent());
    untilNobodyRuns();
    release.countDown();

    for (FutureTask<Boolean> answer : answers) {
      assertThat(answer.get()).isTrue();
    }
    assertThat(issuer.keyRequests).hasValue(2);
  }

  private <T> List<FutureTask<T>> atOnce(Callable<T> work) {
    List<FutureTask<T>> answers = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      FutureTask<T> answer = new FutureTask<>(work);
      answers.add(answer);
      Thread thread = new Thread(answer);
      threads.add(thread);
      thread.start();
    }
    return answers;
  }

  /** Each waits for the keys by then, or has given up. */
  private void untilNobodyRuns() {
    long giveUp = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!threads.stream().allMatch(PublishedKeysTest::isAtRest)) {
      assertThat(System.nanoTime()).isLessThan(giveUp);
      LockSupport.parkNanos(1_000_000);
    }
  }

  private static boolean isAtRest(Thread thread) {
    return switch (thread.getState()) {
      case WAITING, TIMED_WAITING, TERMINATED -> true;
      case NEW, RUNNABLE, BLOCKED -> false;
    };
  }
}
