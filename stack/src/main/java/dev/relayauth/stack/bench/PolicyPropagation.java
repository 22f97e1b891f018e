package dev.relayauth.stack.bench;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * How long after its 2xx a policy is in force at every replica: denies and takes the deny back, and
 * asks each replica until it says so; every other time with the write's revision, when the very
 * first answer must.
 */
final class PolicyPropagation implements AutoCloseable {
  private static final String SCOPE = "stripe:orders:read";
  private static final Duration GIVE_UP = Duration.ofSeconds(10);

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final String baseUrl;
  private final String key;
  private final List<Integer> replicas;
  private final String identity;
  private final Latencies plain = new Latencies();
  private final Latencies withRevision = new Latencies();
  private int stale;

  PolicyPropagation(RunningStack stack, String identity) {
    this.baseUrl = stack.credentials().getString("baseUrl");
    this.key = stack.credentials().getString("adminApiKey");
    this.replicas =
        stack.verifiers().entrySet().stream()
            .filter(verifier -> verifier.getKey().startsWith("policy-"))
            .map(Map.Entry::getValue)
            .toList();
    this.identity = identity;
  }

  /** So many policies made and deleted again. */
  JsonObject run(int rounds) throws IOException, InterruptedException {
    for (int round = 0; round < rounds; round++) {
      JsonObject policy =
          new JsonObject()
              .put("name", "propagation-" + Long.toString(System.nanoTime(), 36))
              .put("effect", "deny")
              .put("scopes", new JsonArray().add(SCOPE))
              .put("identityId", identity);
      HttpResponse<String> made = send("POST", baseUrl + "/v1/policies", policy, null);
      everywhere(made, false, round);
      String id = new JsonObject(made.body()).getString("id");
      everywhere(send("DELETE", baseUrl + "/v1/policies/" + id, null, null), true, round);
    }
    System.out.println(plain.line("policy in force"));
    System.out.println(withRevision.line("  with revision"));
    System.out.printf("  first answers that did not see their revision: %d%n", stale);
    return new JsonObject()
        .put("scenario", "propagation")
        .put("replicas", replicas.size())
        .put("plain", plain.json())
        .put("withRevision", withRevision.json())
        .put("stale", stale);
  }

  private void everywhere(HttpResponse<String> written, boolean allowed, int round)
      throws InterruptedException {
    long since = System.nanoTime();
    if (written.statusCode() / 100 != 2) {
      throw new IllegalStateException(written.statusCode() + ": " + written.body());
    }
    boolean named = round % 2 == 1;
    Optional<String> revision =
        named ? written.headers().firstValue("Relay-Revision") : Optional.empty();
    List<Future<Integer>> asked = new ArrayList<>();
    for (int port : replicas) {
      asked.add(threads.submit(() -> askUntil(port, allowed, revision.orElse(null))));
    }
    try {
      for (Future<Integer> each : asked) {
        stale += named && each.get() > 1 ? 1 : 0;
        each.get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
    (named ? withRevision : plain).add(System.nanoTime() - since);
  }

  /** How many questions it took. */
  private int askUntil(int port, boolean allowed, @Nullable String revision)
      throws IOException, InterruptedException {
    JsonObject question = new JsonObject().put("identityId", identity).put("scope", SCOPE);
    long giveUp = System.nanoTime() + GIVE_UP.toNanos();
    for (int questions = 1; System.nanoTime() < giveUp; questions++) {
      HttpResponse<String> answer =
          send("POST", "http://127.0.0.1:" + port + "/v1/authorize", question, revision);
      if (answer.statusCode() != 200) {
        throw new IllegalStateException(answer.statusCode() + ": " + answer.body());
      }
      if (new JsonObject(answer.body()).getBoolean("allowed") == allowed) {
        return questions;
      }
    }
    throw new IllegalStateException("not in force after " + GIVE_UP);
  }

  private HttpResponse<String> send(
      String method, String url, @Nullable JsonObject body, @Nullable String revision)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url))
            .header("x-api-key", key)
            .header("content-type", "application/json")
            .method(
                method,
                body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body.encode()));
    if (revision != null) {
      request.header("Relay-Revision", revision);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  @Override
  public void close() {
    threads.close();
    client.close();
  }
}
