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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
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
    String base = config.urls().get(service);
    if (base == null) {
      return CompletableFuture.failedFuture(new IOException("no URL is configured for " + service));
    }
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + path))
            .timeout(config.internal().timeout())
            .header("authorization", "Bearer " + tokens.forCallee(service));
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
