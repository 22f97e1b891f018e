package dev.relayauth.sdk.verify;

import dev.relayauth.common.token.InvalidJwkException;
import dev.relayauth.common.token.KeySet;
import dev.relayauth.common.token.PublicKeys;
import dev.relayauth.common.token.VerificationKey;
import dev.relayauth.sdk.http.WholeAnswer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The keys of RelayAuth's JWKS. They are fetched when first needed, again when they are old, and at
 * most every few seconds for a {@code kid} that nobody knows: a flood of forged tokens is not a
 * flood of requests. Who needs what is being fetched waits for it; there is one fetch at a time.
 */
final class PublishedKeys implements PublicKeys {
  private static final int MAX_BYTES = 1 << 20;

  /** After a failure the pause is that much shorter: what is down may be up again. */
  private static final int FAILED_SHARE = 5;

  private static final Duration LIMIT = Duration.ofSeconds(5);

  private final HttpClient http;
  private final URI location;
  private final long minimumPauseNanos;
  private final long maximumAgeNanos;
  private final Object fetching = new Object();
  private @Nullable CompletableFuture<Boolean> fetch;
  private long askedAt;
  private volatile Known known;

  /** What is known, since when. */
  private record Known(KeySet keys, long fetchedAt) {}

  PublishedKeys(HttpClient http, URI location, Duration minimumPause, Duration maximumAge) {
    this.http = http;
    this.location = location;
    this.minimumPauseNanos = minimumPause.toNanos();
    this.maximumAgeNanos = maximumAge.toNanos();
    this.known = new Known(KeySet.empty(), System.nanoTime() - maximumAgeNanos);
  }

  @Override
  public Optional<VerificationKey> find(String kid) {
    return known.keys().find(kid);
  }

  boolean isEmpty() {
    return known.keys().keys().isEmpty();
  }

  /** When what is known was fetched, on no clock in particular. */
  long fetchedAt() {
    return known.fetchedAt();
  }

  /** Fetches when what is known is old. A failure leaves what is known in force. */
  void refreshWhenOld() {
    long seen = fetchedAt();
    if (isEmpty()) {
      refresh(seen);
    } else if (System.nanoTime() - seen > maximumAgeNanos) {
      CompletableFuture<Boolean> started = start();
      if (started != null) {
        await(started);
      }
    }
  }

  /**
   * Fetches, or waits for the fetch that runs, unless one was done a moment ago.
   *
   * @param seen of what was not enough
   * @return whether there is something newer now
   */
  boolean refresh(long seen) {
    if (fetchedAt() == seen) {
      CompletableFuture<Boolean> running = startOrJoin();
      if (running != null) {
        await(running);
      }
    }
    return fetchedAt() != seen;
  }

  private @Nullable CompletableFuture<Boolean> startOrJoin() {
    synchronized (fetching) {
      return fetch != null && !fetch.isDone() ? fetch : start();
    }
  }

  /** Null when one runs, or ran a moment ago. */
  private @Nullable CompletableFuture<Boolean> start() {
    synchronized (fetching) {
      long now = System.nanoTime();
      if (fetch != null && (!fetch.isDone() || now - askedAt < pauseAfter(fetch))) {
        return null;
      }
      askedAt = now;
      fetch = fetch();
      return fetch;
    }
  }

  private long pauseAfter(CompletableFuture<Boolean> last) {
    return last.getNow(false) ? minimumPauseNanos : minimumPauseNanos / FAILED_SHARE;
  }

  private CompletableFuture<Boolean> fetch() {
    return WholeAnswer.sendAsync(http, HttpRequest.newBuilder(location).build(), MAX_BYTES, LIMIT)
        .thenApply(this::isTaken)
        .exceptionally(failure -> false);
  }

  private boolean isTaken(HttpResponse<byte[]> response) {
    if (response.statusCode() != 200) {
      return false;
    }
    try {
      KeySet keys = KeySet.parse(new String(response.body(), StandardCharsets.UTF_8));
      known = new Known(keys, System.nanoTime());
      return true;
    } catch (InvalidJwkException e) {
      return false;
    }
  }

  private static void await(CompletableFuture<Boolean> running) {
    try {
      running.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | CancellationException e) {
      throw new IllegalStateException("a fetch fails by its outcome", e);
    }
  }
}
