package dev.relayauth.stack.demo;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The public API as any client calls it. */
public final class Api {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final HttpClient client;
  private final String baseUrl;
  private final String credential;

  /** A client that presents {@code credential}, a token or an API key. */
  public Api(String baseUrl, String credential) {
    this(
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .build(),
        baseUrl,
        credential);
  }

  private Api(HttpClient client, String baseUrl, String credential) {
    this.client = client;
    this.baseUrl = baseUrl;
    this.credential = credential;
  }

  /** An answer. */
  public record Answer(int status, JsonObject body) {
    /** The answer, which must have that status. */
    public Answer expect(int wanted) {
      if (status != wanted) {
        throw new IllegalStateException("expected " + wanted + ", got " + status + ": " + body);
      }
      return this;
    }

    /** A member of the body. */
    public String text(String name) {
      return String.valueOf(body.getValue(name));
    }
  }

  /** The same API under another credential, over the same connections. */
  public Api as(String other) {
    return new Api(client, baseUrl, other);
  }

  /** Sends a GET. */
  public Answer get(String path) {
    return send("GET", path, null);
  }

  /** Sends a POST. */
  public Answer post(String path, JsonObject body) {
    return send("POST", path, body);
  }

  /** Sends a PUT. */
  public Answer put(String path, JsonObject body) {
    return send("PUT", path, body);
  }

  /** Sends a PATCH. */
  public Answer patch(String path, JsonObject body) {
    return send("PATCH", path, body);
  }

  private Answer send(String method, String path, @Nullable JsonObject body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(baseUrl + path))
            .timeout(TIMEOUT)
            .header("authorization", "Bearer " + credential)
            .header("content-type", "application/json")
            .method(
                method,
                body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body.encode()))
            .build();
    try {
      var response = client.send(request, BodyHandlers.ofString());
      return new Answer(response.statusCode(), object(response.body()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static JsonObject object(String body) {
    Object json = body.isEmpty() ? null : Json.decodeValue(body);
    return json instanceof JsonObject object ? object : new JsonObject().put("value", json);
  }
}
