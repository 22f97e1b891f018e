package dev.relayauth.stack.bench;

import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Times that were measured. */
final class Latencies {
  private static final double[] EDGES = {1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000};
  private static final int BAR = 50;

  private final ConcurrentLinkedQueue<Long> nanos = new ConcurrentLinkedQueue<>();

  void add(long value) {
    nanos.add(value);
  }

  /** In milliseconds, the value that a share of them did not exceed. */
  double quantile(double share) {
    double[] sorted = sorted();
    return sorted.length == 0
        ? Double.NaN
        : sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
  }

  /** How many were longer than that. */
  long countAbove(long limit) {
    return nanos.stream().filter(value -> value > limit).count();
  }

  String line(String name) {
    return String.format(
        Locale.ROOT,
        "%-16s p50 %7.2f ms  p99 %7.2f ms  max %7.2f ms  (%d)",
        name,
        quantile(0.5),
        quantile(0.99),
        quantile(1),
        nanos.size());
  }

  String histogram() {
    int[] counts = new int[EDGES.length + 1];
    for (double millis : sorted()) {
      int bucket = 0;
      while (bucket < EDGES.length && millis > EDGES[bucket]) {
        bucket++;
      }
      counts[bucket]++;
    }
    StringBuilder text = new StringBuilder();
    int most = Math.max(1, Arrays.stream(counts).max().orElse(1));
    for (int i = 0; i < counts.length; i++) {
      String edge = i < EDGES.length ? "≤ %4.0f ms".formatted(EDGES[i]) : "  longer ";
      text.append("%s %6d %s%n".formatted(edge, counts[i], "#".repeat(counts[i] * BAR / most)));
    }
    return text.toString();
  }

  JsonObject json() {
    return new JsonObject()
        .put("p50Millis", quantile(0.5))
        .put("p99Millis", quantile(0.99))
        .put("maxMillis", quantile(1))
        .put("count", nanos.size());
  }

  private double[] sorted() {
    return nanos.stream().mapToDouble(value -> value / 1e6).sorted().toArray();
  }
}
