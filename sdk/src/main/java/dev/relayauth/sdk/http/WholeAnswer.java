package dev.relayauth.sdk.http;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Answers of bounded size that are there in bounded time, to their last byte. */
public final class WholeAnswer {
  private WholeAnswer() {}

  /**
   * Sends a request and waits for all of its answer: {@link HttpRequest#timeout} ends at the
   * headers, and a body may then take for ever.
   *
   * @throws IOException when it is longer than {@code most} bytes, or not there in time
   */
  public static HttpResponse<byte[]> of(
      HttpClient http, HttpRequest request, int most, Duration limit) throws IOException {
    CompletableFuture<HttpResponse<byte[]>> answer =
        http.sendAsync(request, BoundedBody.upTo(most));
    try {
      return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw new HttpTimeoutException("no whole answer in " + limit);
    } catch (ExecutionException e) {
      throw new IOException("no answer", e.getCause());
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
