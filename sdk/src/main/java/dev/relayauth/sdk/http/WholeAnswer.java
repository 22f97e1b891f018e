package dev.relayauth.sdk.http;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Answers of bounded size that are there in bounded time, to their last byte: {@link
 * HttpRequest#timeout} ends at the headers up to Java 25, and a body may then take for ever.
 */
public final class WholeAnswer {
  /** Nothing for that long, and nothing more will come. */
  private static final Duration SILENCE = Duration.ofSeconds(2);

  private WholeAnswer() {}

  /**
   * Sends a request. The answer fails with an {@link IOException} when it is longer than {@code
   * most} bytes, or not there to its end in time.
   */
  public static CompletableFuture<HttpResponse<byte[]>> sendAsync(
      HttpClient http, HttpRequest request, int most, Duration limit) {
    CompletableFuture<HttpResponse<byte[]>> sent =
        http.sendAsync(request, BoundedBody.upTo(most, () -> {}));
    CompletableFuture<HttpResponse<byte[]>> answer = new CompletableFuture<>();
    CompletableFuture<Void> alarm =
        new CompletableFuture<Void>().orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS);
    sent.whenComplete(
        (response, failure) -> {
          alarm.complete(null);
          if (response == null) {
            answer.completeExceptionally(failure);
          } else {
            answer.complete(response);
          }
        });
    // Elsewhere than on the one thread that all alarms of the JVM share: callers go on from here.
    alarm.exceptionallyAsync(
        late -> {
          answer.completeExceptionally(new HttpTimeoutException("no whole answer in " + limit));
          sent.cancel(true);
          return null;
        });
    return answer;
  }

  /**
   * Sends a request and waits for all of its answer, as long as something comes of it.
   *
   * @throws IOException when it is longer than {@code most} bytes, not there in time, or nothing
   *     came of it for two seconds
   */
  public static HttpResponse<byte[]> of(
      HttpClient http, HttpRequest request, int most, Duration limit) throws IOException {
    long start = System.nanoTime();
    AtomicLong heard = new AtomicLong(start);
    CompletableFuture<HttpResponse<byte[]>> answer =
        http.sendAsync(request, BoundedBody.upTo(most, () -> heard.set(System.nanoTime())));
    long end = start + limit.toNanos();
    while (true) {
      long silent = heard.get() + SILENCE.toNanos();
      long now = System.nanoTime();
      if (now - silent >= 0 || now - end >= 0) {
        answer.cancel(true);
        throw new HttpTimeoutException("no whole answer in " + Duration.ofNanos(now - start));
      }
      try {
        return await(answer, Duration.ofNanos(Math.min(silent - now, end - now)));
      } catch (TimeoutException e) {
        continue;
      }
    }
  }

  /**
   * Sends a request and waits for the head of its answer; the body is the handler's.
   *
   * @throws IOException when it isn't there in time
   */
  public static <T> HttpResponse<T> begun(
      HttpClient http, HttpRequest request, BodyHandler<T> handler) throws IOException {
    CompletableFuture<HttpResponse<T>> answer = http.sendAsync(request, handler);
    try {
      return await(answer, SILENCE);
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw new HttpTimeoutException("no answer in " + SILENCE);
    }
  }

  private static <T> T await(CompletableFuture<T> answer, Duration limit)
      throws IOException, TimeoutException {
    try {
      return answer.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw new IOException("no answer", e.getCause());
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
