package dev.relayauth.stack.bench;

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

/** A closed loop of connections that each send their next request once the last is answered. */
final class LoadGenerator {
  private static final int CONNECTIONS = 16;
  private static final int MAX_SAMPLES = 4_000_000;

  private final Vertx vertx;
  private final HttpClient client;

  LoadGenerator(Vertx vertx) {
    this.vertx = vertx;
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions().setKeepAlive(true),
            new PoolOptions().setHttp1MaxSize(CONNECTIONS));
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
    double cpuBefore = CpuClock.millis(pids);
    Samples samples = drive(load, seconds);
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
    long sentAt = System.nanoTime();
    String body = load.body().apply(number.getAndIncrement());
    RequestOptions options =
        new RequestOptions()
            .setHost("127.0.0.1")
            .setPort(load.port())
            .setMethod(HttpMethod.valueOf(load.method()))
            .setURI(load.path())
            .putHeader("authorization", "Bearer " + load.credential())
            .putHeader("x-answer-bytes", Integer.toString(load.answerBytes()))
            .putHeader("content-type", "application/json");
    client
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
                    System.nanoTime() - sentAt;
              }
              next(load, samples, number, end, done);
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
