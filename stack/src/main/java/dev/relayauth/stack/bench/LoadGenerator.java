package dev.relayauth.stack.bench;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Sends load and measures it: as a closed loop of connections that each send their next request
 * once the last is answered, or at a given pace, whatever the answers take.
 */
final class LoadGenerator {
  private static final int CONNECTIONS = 16;
  private static final int MAX_SAMPLES = 4_000_000;
  private static final int MAX_IN_FLIGHT = 20_000;
  private static final int WARM_UP_ROUNDS = 8;
  private static final double WARM_UP_SECONDS = 4;
  private static final double SETTLED = 0.97;
  private static final long TICK_NANOS = 50_000;
  private static final int MAX_GROUP = 64;

  /** A pace that is sent later than this is another pace, and its figures are the generator's. */
  private static final double MOST_LATE_MILLIS = 2;

  private final Vertx vertx;
  private final int connections;
  private final HttpClient client;

  LoadGenerator(Vertx vertx) {
    this(vertx, CONNECTIONS);
  }

  LoadGenerator(Vertx vertx, int connections) {
    this.vertx = vertx;
    this.connections = connections;
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions().setKeepAlive(true),
            new PoolOptions().setHttp1MaxSize(connections));
  }

  /**
   * Requests by their number.
   *
   * @param sending completes with the bytes of the n-th answer, fails when it is not the right one
   */
  record Calls(String name, IntFunction<Future<Integer>> sending) {}

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
    return run(calls(load), pids, warmUpSeconds, seconds);
  }

  /** The same with requests of any kind. */
  Result run(Calls calls, Collection<Long> pids, double warmUpSeconds, double seconds)
      throws InterruptedException {
    loop(calls, warmUpSeconds);
    double cpuBefore = CpuClock.millis(pids);
    Samples samples = loop(calls, seconds);
    return samples.result(calls.name(), CpuClock.millis(pids) - cpuBefore);
  }

  /**
   * Sends requests until they cost no less than before: until then a figure tells of compilers, not
   * of the server. At most half a minute.
   */
  void warmUp(Calls calls, Collection<Long> pids) throws InterruptedException {
    double before = Double.MAX_VALUE;
    for (int round = 0; round < WARM_UP_ROUNDS; round++) {
      double cost = run(calls, pids, 0, WARM_UP_SECONDS).cpuMillisPerRequest();
      if (cost > before * SETTLED) {
        return;
      }
      before = cost;
    }
  }

  /**
   * Sends so many requests a second, evenly, and counts each answer's time from when its request
   * was due. Those that are due together go to the event loop together.
   *
   * @throws PaceNotHeldException when they could not be sent, or answered, in time
   * @throws IllegalStateException when a request failed
   */
  Result paced(Calls calls, Collection<Long> pids, double perSecond, double seconds)
      throws InterruptedException {
    Samples samples = new Samples();
    Pace pace = new Pace(calls, samples, perSecond, (int) (perSecond * seconds));
    double cpuBefore = CpuClock.millis(pids);
    pace.start = System.nanoTime();
    while (!pace.isOver()) {
      pace.sendDue(vertx);
      LockSupport.parkNanos(TICK_NANOS);
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
    samples.seconds = (System.nanoTime() - pace.start) / 1e9;
    samples.slowness = samples.slowness == null ? pace.lateness() : samples.slowness;
    return samples.checked(calls).result(calls.name(), CpuClock.millis(pids) - cpuBefore);
  }

  /** The requests of one paced run; all but {@code start} is the event loop's once one is sent. */
  private static final class Pace {
    final Calls calls;
    final Samples samples;
    final double perSecond;
    final int requests;
    final AtomicInteger inFlight = new AtomicInteger();
    final AtomicBoolean isOnItsWay = new AtomicBoolean();
    volatile int sent;
    long start;
    double lateNanos;

    Pace(Calls calls, Samples samples, double perSecond, int requests) {
      this.calls = calls;
      this.samples = samples;
      this.perSecond = perSecond;
      this.requests = requests;
    }

    boolean isOver() {
      return samples.isCutShort() || (sent == requests && inFlight.get() == 0);
    }

    void sendDue(Vertx vertx) {
      if (dueAt(sent) <= System.nanoTime()
          && sent < requests
          && isOnItsWay.compareAndSet(false, true)) {
        vertx.runOnContext(ignored -> sendGroup());
      }
    }

    /** At most a group, so that answers are read in between. */
    private void sendGroup() {
      long now = System.nanoTime();
      int until = Math.min(requests, sent + MAX_GROUP);
      for (int n = sent; n < until && dueAt(n) <= now && !samples.isCutShort(); n++) {
        send(n, dueAt(n));
      }
      isOnItsWay.set(false);
    }

    private void send(int number, long due) {
      lateNanos += Math.max(0, System.nanoTime() - due);
      if (inFlight.incrementAndGet() > MAX_IN_FLIGHT) {
        samples.slowness = "can't keep up with " + (long) perSecond + " requests/s";
      }
      sent = number + 1;
      calls
          .sending()
          .apply(number)
          .onComplete(
              bytes -> samples.add(System.nanoTime() - due, bytes),
              failure -> samples.failure = String.valueOf(failure))
          .onComplete(done -> inFlight.decrementAndGet());
    }

    private long dueAt(int number) {
      return start + (long) (number / perSecond * 1e9);
    }

    /** What tells of the generator rather than of the server; null when it was in time. */
    @Nullable String lateness() {
      double millis = lateNanos / Math.max(1, sent) / 1e6;
      return millis <= MOST_LATE_MILLIS
          ? null
          : String.format(
              Locale.ROOT,
              "the generator sent %.0f requests/s %.1f ms late in the mean",
              perSecond,
              millis);
    }
  }

  private static final class Samples {
    final long[] nanos = new long[MAX_SAMPLES];
    final AtomicInteger count = new AtomicInteger();
    volatile int answerBytes;
    volatile @Nullable String failure;
    volatile @Nullable String slowness;
    double seconds;

    void add(long taken, int bytes) {
      nanos[count.getAndIncrement() % MAX_SAMPLES] = taken;
      answerBytes = bytes;
    }

    boolean isCutShort() {
      return failure != null || slowness != null;
    }

    /** What failed says more than that it was slow. */
    Samples checked(Calls calls) {
      if (failure != null) {
        throw new IllegalStateException(calls.name() + ": " + failure);
      }
      if (slowness != null) {
        throw new PaceNotHeldException(calls.name() + ": " + slowness);
      }
      return this;
    }

    Result result(String name, double cpuMillis) {
      long[] sorted = Arrays.copyOf(nanos, Math.min(count.get(), MAX_SAMPLES));
      Arrays.sort(sorted);
      return new Result(
          name,
          sorted.length / seconds,
          quantile(sorted, 0.50),
          quantile(sorted, 0.99),
          cpuMillis / Math.max(1, sorted.length),
          answerBytes,
          sorted.length);
    }

    private static double quantile(long[] sorted, double share) {
      return sorted.length == 0
          ? 0
          : sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)] / 1e6;
    }
  }

  private Samples loop(Calls calls, double seconds) throws InterruptedException {
    Samples samples = new Samples();
    CountDownLatch done = new CountDownLatch(connections);
    AtomicInteger number = new AtomicInteger();
    long start = System.nanoTime();
    long end = start + (long) (seconds * 1e9);
    for (int i = 0; i < connections; i++) {
      vertx.runOnContext(ignored -> next(calls, samples, number, end, done));
    }
    done.await();
    samples.seconds = (System.nanoTime() - start) / 1e9;
    return samples.checked(calls);
  }

  private void next(
      Calls calls, Samples samples, AtomicInteger number, long end, CountDownLatch done) {
    if (System.nanoTime() >= end || samples.failure != null) {
      done.countDown();
      return;
    }
    long sentAt = System.nanoTime();
    calls
        .sending()
        .apply(number.getAndIncrement())
        .onComplete(
            outcome -> {
              if (outcome.failed()) {
                samples.failure = String.valueOf(outcome.cause());
              } else {
                samples.add(System.nanoTime() - sentAt, outcome.result());
              }
              next(calls, samples, number, end, done);
            });
  }

  /** The requests of a load, over this generator's own connections. */
  Calls calls(Load load) {
    return new Calls(load.name(), number -> send(load, load.body().apply(number)));
  }

  private Future<Integer> send(Load load, @Nullable String body) {
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
                response.body().compose(bytes -> checked(load, response.statusCode(), bytes)));
  }

  private static Future<Integer> checked(Load load, int status, Buffer body) {
    return status == load.status()
        ? Future.succeededFuture(body.length())
        : Future.failedFuture("status " + status + ": " + body);
  }
}
