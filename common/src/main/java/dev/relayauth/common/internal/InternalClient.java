package dev.relayauth.common.internal;

import dev.relayauth.common.config.RelayAuthConfig;
import dev.relayauth.common.json.Json;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscribers;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Calls the internal routes of the other services, with a service token for the callee. */
@Singleton
public final class InternalClient {
  private final RelayAuthConfig config;
  private final ServiceTokens tokens;
  private final HttpClient client;

  InternalClient(RelayAuthConfig config, ServiceTokens tokens) {
    this.config = config;
    this.tokens = tokens;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(config.internal().timeout())
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();
  }

  /** An answer: its status and body, whatever they are. */
  public record Reply(int status, byte[] body) {
    /** Whether the status is 2xx. */
    public boolean isSuccess() {
      return status / 100 == 2;
    }

    /**
     * The body of a success; empty when there is no such thing (404).
     *
     * @throws ServiceUnavailableException for any other answer, which names {@code service}
     */
    public Optional<byte[]> found(String service) {
      if (status == 404) {
        return Optional.empty();
      }
      if (!isSuccess()) {
        throw new ServiceUnavailableException(service + " answered " + status);
      }
      return Optional.of(body);
    }
  }

  /** Sends a GET. */
  public CompletableFuture<Reply> get(String service, String path) {
    return send(service, "GET", path, null);
  }

  /** Sends a POST with a JSON body. */
  public CompletableFuture<Reply> post(String service, String path, Object body) {
    return send(service, "POST", path, body);
  }

  /**
   * Follows a stream of server-sent events, line by line, until either side ends it.
   *
   * @return completes when the stream has ended; exceptionally when it was refused or broke
   */
  public CompletableFuture<Void> follow(
      String service, String path, Flow.Subscriber<String> lines) {
    return request(service, path)
        .map(
            request ->
                client
                    .sendAsync(
                        request.header("accept", "text/event-stream").build(),
                        answer ->
                            answer.statusCode() == 200
                                ? BodySubscribers.fromLineSubscriber(lines)
                                : BodySubscribers.replacing(null))
                    .thenAccept(answer -> requireOk(service, answer.statusCode())))
        .orElseGet(() -> CompletableFuture.failedFuture(unconfigured(service)));
  }

  private static void requireOk(String service, int status) {
    if (status != 200) {
      throw new ServiceUnavailableException(service + " answered " + status);
    }
  }

  private Optional<HttpRequest.Builder> request(String service, String path) {
    return Optional.ofNullable(config.urls().get(service))
        .map(
            base ->
                HttpRequest.newBuilder(URI.create(base + path))
                    .header("authorization", "Bearer " + tokens.forCallee(service)));
  }

  private static IOException unconfigured(String service) {
    return new IOException("no URL is configured for " + service);
  }

  /**
   * Waits for an answer; for virtual threads only.
   *
   * @throws ServiceUnavailableException when there is none in time
   */
  public Reply await(CompletableFuture<Reply> reply) {
    try {
      return reply.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServiceUnavailableException(e);
    } catch (java.util.concurrent.ExecutionException e) {
      throw new ServiceUnavailableException(e);
    }
  }

  private CompletableFuture<Reply> send(
      String service, String method, String path, @Nullable Object body) {
    Optional<HttpRequest.Builder> addressed = request(service, path);
    if (addressed.isEmpty()) {
      return CompletableFuture.failedFuture(unconfigured(service));
    }
    HttpRequest.Builder request = addressed.get().timeout(config.internal().timeout());
    if (body == null) {
      request.method(method, BodyPublishers.noBody());
    } else {
      request.header("content-type", "application/json");
      request.method(method, BodyPublishers.ofByteArray(Json.write(body)));
    }
    return client
        .sendAsync(request.build(), BodyHandlers.ofByteArray())
        .thenApply(response -> new Reply(response.statusCode(), response.body()));
  }
}
