package dev.relayauth.sdk.verify;

import dev.relayauth.common.token.InvalidJwkException;
import dev.relayauth.common.token.KeySet;
import dev.relayauth.common.token.PublicKeys;
import dev.relayauth.common.token.VerificationKey;
import dev.relayauth.sdk.http.BoundedBody;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The keys of RelayAuth's JWKS. They are fetched when first needed, again when they are old, and at
 * most every few seconds for a {@code kid} that nobody knows: a flood of forged tokens is not a
 * flood of requests.
 */
final class PublishedKeys implements PublicKeys {
  private static final int MAX_BYTES = 1 << 20;

  private final HttpClient http;
  private final URI location;
  private final long minimumPauseNanos;
  private final long maximumAgeNanos;
  private final AtomicLong askedAt;
  private volatile long fetchedAt;
  private volatile KeySet keys = KeySet.empty();

  PublishedKeys(HttpClient http, URI location, Duration minimumPause, Duration maximumAge) {
    this.http = http;
    this.location = location;
    this.minimumPauseNanos = minimumPause.toNanos();
    this.maximumAgeNanos = maximumAge.toNanos();
    this.askedAt = new AtomicLong(System.nanoTime() - minimumPauseNanos);
    this.fetchedAt = System.nanoTime() - maximumAgeNanos;
  }

  @Override
  public Optional<VerificationKey> find(String kid) {
    return keys.find(kid);
  }

  boolean isEmpty() {
    return keys.keys().isEmpty();
  }

  /** Fetches when what is known is old. A failure leaves what is known in force. */
  void refreshWhenOld() {
    if (isEmpty() || System.nanoTime() - fetchedAt > maximumAgeNanos) {
      refresh();
    }
  }

  /**
   * Fetches, unless that was done a moment ago.
   *
   * @return whether it was fetched now
   */
  boolean refresh() {
    long now = System.nanoTime();
    long last = askedAt.get();
    if (now - last < minimumPauseNanos || !askedAt.compareAndSet(last, now)) {
      return false;
    }
    try {
      HttpResponse<byte[]> answer =
          http.send(
              HttpRequest.newBuilder(location).timeout(Duration.ofSeconds(5)).build(),
              BoundedBody.upTo(MAX_BYTES));
      return answer.statusCode() == 200 && take(answer.body());
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private boolean take(byte[] document) {
    try {
      keys = KeySet.parse(new String(document, java.nio.charset.StandardCharsets.UTF_8));
      fetchedAt = System.nanoTime();
      return true;
    } catch (InvalidJwkException e) {
      return false;
    }
  }
}
