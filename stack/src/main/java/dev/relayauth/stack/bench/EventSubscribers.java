package dev.relayauth.stack.bench;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Open revocation streams that note when they hear of a revocation. What a stream hears before the
 * answer of the revocation arrives counts as no time at all.
 */
final class EventSubscribers {
  private static final String ID = "\"id\":\"rev_";
  private static final int PREFIX = "rev_".length();

  private final Map<String, ConcurrentHashMap<Integer, Long>> heard = new ConcurrentHashMap<>();
  private final Map<String, Long> answered = new ConcurrentHashMap<>();
  private final AtomicInteger open = new AtomicInteger();

  /** Opens {@code count} streams, by turns at each of {@code ports}, as a load balancer does. */
  void open(Vertx vertx, List<Integer> ports, String key, int count) {
    HttpClient client =
        vertx.createHttpClient(new HttpClientOptions().setMaxPoolSize(count).setKeepAlive(true));
    for (int i = 0; i < count; i++) {
      int number = i;
      RequestOptions options =
          new RequestOptions()
              .setMethod(HttpMethod.GET)
              .setHost("127.0.0.1")
              .setPort(ports.get(i % ports.size()))
              .setURI("/v1/revocations/stream")
              .putHeader("accept", "text/event-stream")
              .putHeader("x-api-key", key);
      client
          .request(options)
          .compose(request -> request.send())
          .onSuccess(
              response -> {
                if (response.statusCode() == 200) {
                  open.incrementAndGet();
                  response.handler(chunk -> read(number, chunk));
                }
              });
    }
  }

  private void read(int number, Buffer chunk) {
    long now = System.nanoTime();
    String text = chunk.toString();
    for (int at = text.indexOf(ID); at >= 0; at = text.indexOf(ID, at + 1)) {
      int start = at + ID.length() - PREFIX;
      int end = text.indexOf('"', start);
      if (end > start) {
        heard
            .computeIfAbsent(text.substring(start, end), _ -> new ConcurrentHashMap<>())
            .merge(number, now, Math::max);
      }
    }
  }

  /** That revocation was answered at that moment. */
  void answered(String revocation, long at) {
    answered.put(revocation, at);
  }

  int size() {
    return open.get();
  }

  /** From the answers until each stream has heard of the revocation. */
  Latencies latencies() {
    Latencies result = new Latencies();
    answered.forEach(
        (revocation, at) ->
            heard
                .getOrDefault(revocation, new ConcurrentHashMap<>())
                .values()
                .forEach(moment -> result.add(Math.max(0, moment - at))));
    return result;
  }
}
