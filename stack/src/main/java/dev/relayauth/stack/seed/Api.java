package dev.relayauth.stack.seed;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Calls RelayAuth as any client does. A 503 is asked again for a while: it says to. */
public final class Api implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String baseUrl;

  public Api(String baseUrl) {
    this.baseUrl = baseUrl;
  }

  /** An answer, whatever its status. */
  public record Answer(int status, JsonObject body) {}

  /** Reads with an API key. */
  public Answer get(String path, String key) throws IOException, InterruptedException {
    return send(request(path, key).GET().build());
  }

  /** Writes with an API key. */
  public Answer post(String path, String key, JsonObject body)
      throws IOException, InterruptedException {
    return send(
        request(path, key)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body.encode()))
            .build());
  }

  @Override
  public void close() {
    client.close();
  }

  private HttpRequest.Builder request(String path, String key) {
    return HttpRequest.newBuilder(URI.create(baseUrl + path))
        .timeout(Duration.ofSeconds(10))
        .header("x-api-key", key);
  }

  private Answer send(HttpRequest request) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() != 503 || System.nanoTime() > deadline) {
        String body = response.body();
        return new Answer(
            response.statusCode(), body.startsWith("{") ? new JsonObject(body) : new JsonObject());
      }
      Thread.sleep(PAUSE);
    }
  }
}
