package dev.relayauth.stack.bench;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.util.Arrays;
import java.util.Collection;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A closed loop of connections that each send their next request once the last is answered, or an
 * open one that sends at a steady pace whatever comes back.
 */
final class LoadGenerator {
  private static final int CONNECTIONS = 16;
  private static final int PACED_CONNECTIONS = 64;
  private static final int MAX_WAITING = 10_000;
  private static final int MAX_SAMPLES = 4_000_000;

  private final Vertx vertx;
  private final HttpClient client;
  private final HttpClient paced;

  LoadGenerator(Vertx vertx) {
    this.vertx = vertx;
    this.client = client(vertx, CONNECTIONS);
    this.paced = client(vertx, PACED_CONNECTIONS);
  }

  private static HttpClient client(Vertx vertx, int connections) {
    return vertx.createHttpClient(
        new HttpClientOptions().setKeepAlive(true),
        new PoolOptions().setHttp1MaxSize(connections).setMaxWaitQueueSize(MAX_WAITING));
  }

  /** What a run measured; {@code answerBytes} is the size of a typical answer. */
  record Result(
      String name,
      double perSecond,
      double p50Millis,
      double p99Millis,
      double cpuMillisPerRequest,
      int answerBytes,
      long requests) {}

  /** Sends the load for that long after a warm-up, and measures the CPU of {@code pids}. */
  Result run(Load load, Collection<Long> pids, double warmUpSeconds, double seconds)
      throws InterruptedException {
    drive(load, warmUpSeconds);
    return measure(load, pids, () -> drive(load, seconds));
  }

  /**
   * Sends the load at that pace. A latency begins when its request was due, so that one that had to
   * wait for the ones before it is as late as it would be for its client.
   */
  Result runPaced(
      Load load, Collection<Long> pids, double perSecond, double warmUpSeconds, double seconds)
      throws InterruptedException {
    pace(load, perSecond, warmUpSeconds);
    return measure(load, pids, () -> pace(load, perSecond, seconds));
  }

  /** A run that is to be measured. */
  @FunctionalInterface
  private interface Run {
    Samples go() throws InterruptedException;
  }

  private static Result measure(Load load, Collection<Long> pids, Run run)
      throws InterruptedException {
    double cpuBefore = CpuClock.millis(pids);
    Samples samples = run.go();
    double cpu = CpuClock.millis(pids) - cpuBefore;
    long[] sorted = samples.sorted();
    return new Result(
        load.name(),
        sorted.length / samples.seconds,
        quantile(sorted, 0.50),
        quantile(sorted, 0.99),
        cpu / Math.max(1, sorted.length),
        samples.answerBytes,
        sorted.length);
  }

  private static final class Samples {
    final long[] nanos = new long[MAX_SAMPLES];
    final AtomicInteger count = new AtomicInteger();
    volatile int answerBytes;
    volatile @Nullable String failure;
    double seconds;

    long[] sorted() {
      long[] copy = Arrays.copyOf(nanos, Math.min(count.get(), MAX_SAMPLES));
      Arrays.sort(copy);
      return copy;
    }
  }

  private Samples drive(Load load, double seconds) throws InterruptedException {
    Samples samples = new Samples();
    CountDownLatch done = new CountDownLatch(CONNECTIONS);
    AtomicInteger number = new AtomicInteger();
    long start = System.nanoTime();
    long end = start + (long) (seconds * 1e9);
    for (int i = 0; i < CONNECTIONS; i++) {
      vertx.runOnContext(ignored -> next(load, samples, number, end, done));
    }
    return await(load, samples, done, start);
  }

  private static Samples await(Load load, Samples samples, CountDownLatch done, long start)
      throws InterruptedException {
    done.await();
    samples.seconds = (System.nanoTime() - start) / 1e9;
    if (samples.failure != null) {
      throw new IllegalStateException(load.name() + ": " + samples.failure);
    }
    return samples;
  }

  private void next(
      Load load, Samples samples, AtomicInteger number, long end, CountDownLatch done) {
    if (System.nanoTime() >= end || samples.failure != null) {
      done.countDown();
      return;
    }
    send(client, load, samples, number.getAndIncrement(), System.nanoTime())
        .onComplete(ignored -> next(load, samples, number, end, done));
  }

  private Samples pace(Load load, double perSecond, double seconds) throws InterruptedException {
    Samples samples = new Samples();
    int total = (int) (perSecond * seconds);
    CountDownLatch done = new CountDownLatch(total);
    AtomicInteger sent = new AtomicInteger();
    long start = System.nanoTime();
    vertx.setPeriodic(
        1,
        timer -> {
          int due = (int) Math.min(total, (System.nanoTime() - start) / 1e9 * perSecond);
          while (sent.get() < due) {
            int number = sent.getAndIncrement();
            long dueAt = start + (long) (number / perSecond * 1e9);
            send(paced, load, samples, number, dueAt).onComplete(ignored -> done.countDown());
          }
          if (due == total) {
            vertx.cancelTimer(timer);
          }
        });
    return await(load, samples, done, start);
  }

  /** Sends one; completes when it is answered and noted, also when that failed. */
  private static Future<?> send(
      HttpClient client, Load load, Samples samples, int number, long since) {
    String body = load.body().apply(number);
    RequestOptions options =
        new RequestOptions()
            .setHost("127.0.0.1")
            .setPort(load.port())
            .setMethod(HttpMethod.valueOf(load.method()))
            .setURI(load.path())
            .putHeader("authorization", "Bearer " + load.credential())
            .putHeader("x-answer-bytes", Integer.toString(load.answerBytes()))
            .putHeader("content-type", "application/json");
    return client
        .request(options)
        .compose(request -> body == null ? request.send() : request.send(body))
        .compose(
            response ->
                response
                    .body()
                    .map(
                        bytes -> {
                          check(load, samples, response.statusCode(), bytes.toString());
                          samples.answerBytes = bytes.length();
                          return bytes;
                        }))
        .onComplete(
            outcome -> {
              if (outcome.failed()) {
                samples.failure = String.valueOf(outcome.cause());
              } else {
                samples.nanos[samples.count.getAndIncrement() % MAX_SAMPLES] =
                    System.nanoTime() - since;
              }
            });
  }

  private static void check(Load load, Samples samples, int status, String body) {
    if (status != load.status()) {
      samples.failure = "status " + status + ": " + body;
    }
  }

  private static double quantile(long[] sorted, double share) {
    if (sorted.length == 0) {
      return 0;
    }
    return sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)] / 1e6;
  }
}
