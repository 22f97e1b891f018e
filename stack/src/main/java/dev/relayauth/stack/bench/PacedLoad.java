package dev.relayauth.stack.bench;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests at a steady pace, whatever comes back. A latency begins when its request was due,
 * so that one that waits for those before it is as late as it is for its client.
 */
final class PacedLoad {
  private static final int CONNECTIONS = 64;
  private static final int MAX_WAITING = 10_000;

  private final Vertx vertx;
  private final HttpClient client;

  PacedLoad(Vertx vertx) {
    this.vertx = vertx;
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions().setKeepAlive(true),
            new PoolOptions().setHttp1MaxSize(CONNECTIONS).setMaxWaitQueueSize(MAX_WAITING));
  }

  /** The latencies of a run at that pace, after a warm-up at the same. */
  Latencies run(Load load, double perSecond, double warmUpSeconds, double seconds)
      throws InterruptedException {
    send(load, perSecond, warmUpSeconds);
    return send(load, perSecond, seconds);
  }

  private Latencies send(Load load, double perSecond, double seconds) throws InterruptedException {
    Latencies latencies = new Latencies();
    AtomicReference<@Nullable String> failure = new AtomicReference<>();
    int total = (int) (perSecond * seconds);
    CountDownLatch done = new CountDownLatch(total);
    long start = System.nanoTime();
    int[] sent = {0};
    vertx.setPeriodic(
        1,
        timer -> {
          int due = (int) Math.min(total, (System.nanoTime() - start) / 1e9 * perSecond);
          while (sent[0] < due) {
            int number = sent[0]++;
            long dueAt = start + (long) (number / perSecond * 1e9);
            send(load, number)
                .onSuccess(answered -> latencies.add(System.nanoTime() - dueAt))
                .onFailure(cause -> failure.set(String.valueOf(cause)))
                .onComplete(answered -> done.countDown());
          }
          if (due == total) {
            vertx.cancelTimer(timer);
          }
        });
    done.await();
    if (failure.get() != null) {
      throw new IllegalStateException(load.name() + ": " + failure.get());
    }
    return latencies;
  }

  private Future<Void> send(Load load, int number) {
    String body = load.body().apply(number);
    RequestOptions options =
        new RequestOptions()
            .setHost("127.0.0.1")
            .setPort(load.port())
            .setMethod(HttpMethod.valueOf(load.method()))
            .setURI(load.path())
            .putHeader("authorization", "Bearer " + load.credential())
            .putHeader("content-type", "application/json");
    return client
        .request(options)
        .compose(request -> body == null ? request.send() : request.send(body))
        .compose(
            response ->
                response
                    .body()
                    .compose(
                        bytes ->
                            response.statusCode() == load.status()
                                ? Future.succeededFuture()
                                : Future.failedFuture(
                                    "status " + response.statusCode() + ": " + bytes)));
  }
}
