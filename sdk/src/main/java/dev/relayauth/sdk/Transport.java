package dev.relayauth.sdk;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.relayauth.sdk.http.WholeAnswer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Sends requests: credentials, retries, the revision that the next read must see, and errors. */
final class Transport {
  static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .serializationInclusion(JsonInclude.Include.NON_NULL)
          .build();

  private static final TypeReference<Map<String, Object>> PROBLEM = new TypeReference<>() {};
  private static final byte[] NOTHING = "null".getBytes(StandardCharsets.UTF_8);
  private static final int MAX_ANSWER = 64 << 20;

  /** What a 503 is called after which it is sure that nothing was done. */
  private static final Set<String> NOTHING_DONE =
      Set.of("service_unavailable", "revocation_feed_stale");

  private static final Set<String> IDEMPOTENT = Set.of("GET", "PUT", "DELETE");

  /** Twice is once: what is revoked, spent or given back under its id stays so. */
  private static final Pattern SAME_TWICE =
      Pattern.compile(
          "/v1/authorize(/batch)?|/v1/tokens/(refresh|revoke)|/v1/revocations"
              + "|/v1/config:plan([?].*)?|/v1/budgets/[^/]+/reservations/[^/]+/(commit|void)");

  /** Who is asked to wait longer decides what to do meanwhile. */
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private static final long LONGEST_BACK_OFF = 10_000;

  private final HttpClient http;
  private final String baseUrl;
  private final Credential credential;
  private final Duration timeout;
  private final int attempts;
  private final AtomicReference<@Nullable String> revision = new AtomicReference<>();

  Transport(
      HttpClient http, String baseUrl, Credential credential, Duration timeout, int attempts) {
    this.http = http;
    this.baseUrl = baseUrl;
    this.credential = credential;
    this.timeout = timeout;
    this.attempts = attempts;
  }

  /** The same with another credential. */
  Transport as(Credential other) {
    return new Transport(http, baseUrl, other, timeout, attempts);
  }

  String baseUrl() {
    return baseUrl;
  }

  HttpClient http() {
    return http;
  }

  /**
   * What is asked for.
   *
   * @param prover proves with each attempt that it is held, beside the credential
   */
  record Call(
      String method,
      String path,
      @Nullable Object body,
      Map<String, String> headers,
      @Nullable DpopKey prover) {
    /** Refuses a path that would lead to another host. */
    Call {
      if (!path.startsWith("/")) {
        throw new IllegalArgumentException("a path begins with /");
      }
    }

    Call(String method, String path, @Nullable Object body, Map<String, String> headers) {
      this(method, path, body, headers, null);
    }

    static Call get(String path) {
      return new Call("GET", path, null, Map.of());
    }

    static Call post(String path, @Nullable Object body) {
      return new Call("POST", path, body, Map.of());
    }

    static Call put(String path, Object body) {
      return new Call("PUT", path, body, Map.of());
    }

    static Call patch(String path, Object body) {
      return new Call("PATCH", path, body, Map.of());
    }

    static Call delete(String path) {
      return new Call("DELETE", path, null, Map.of());
    }

    Call with(String header, String value) {
      Map<String, String> more = new java.util.HashMap<>(headers);
      more.put(header, value);
      return new Call(method, path, body, more, prover);
    }

    Call provedBy(DpopKey key) {
      return new Call(method, path, body, headers, key);
    }

    /**
     * Whether sending it twice is like sending it once, even when the first answer got lost. PUT
     * and DELETE are by RFC 9110 §9.2.2, PATCH isn't.
     */
    boolean isRepeatable() {
      return IDEMPOTENT.contains(method)
          || headers.containsKey("Idempotency-Key")
          || (method.equals("POST") && SAME_TWICE.matcher(path).matches());
    }

    /** Whether it may be sent again after a 503. */
    boolean isRepeatableAfter(Map<String, Object> problem) {
      return isRepeatable() || NOTHING_DONE.contains(String.valueOf(problem.get("code")));
    }
  }

  /** A body that is YAML already. */
  record Yaml(String text) {}

  <T> CompletableFuture<T> send(Call call, Class<T> type) {
    return send(call, JSON.constructType(type));
  }

  <T> CompletableFuture<Page<T>> list(Call call, Class<T> type) {
    return send(call, JSON.getTypeFactory().constructParametricType(Page.class, type));
  }

  CompletableFuture<Void> send(Call call) {
    return attempt(call, 1).thenApply(answer -> null);
  }

  private <T> CompletableFuture<T> send(Call call, JavaType type) {
    return attempt(call, 1).thenApply(answer -> read(answer, type));
  }

  private CompletableFuture<HttpResponse<byte[]>> attempt(Call call, int number) {
    return credential
        .now()
        .thenCompose(
            secret ->
                WholeAnswer.sendAsync(http, request(call, secret), MAX_ANSWER, timeout)
                    .handle(
                        (response, failure) -> {
                          if (response == null) {
                            return lost(call, number, failure);
                          }
                          return answered(call, number, response);
                        }))
        .thenCompose(next -> next);
  }

  private CompletableFuture<HttpResponse<byte[]>> answered(
      Call call, int number, HttpResponse<byte[]> response) {
    int status = response.statusCode();
    response.headers().firstValue("Relay-Revision").ifPresent(revision::set);
    if (status < 300) {
      return CompletableFuture.completedFuture(response);
    }
    Map<String, Object> problem = problem(response.body());
    Optional<Duration> asked = RetryAfter.of(response.headers());
    boolean again = status == 429 || (status == 503 && call.isRepeatableAfter(problem));
    if (again && number < attempts) {
      Duration pause = asked.orElseGet(() -> backOff(number));
      if (pause.compareTo(LONGEST_PAUSE) <= 0) {
        return later(call, number, pause);
      }
    }
    return CompletableFuture.failedFuture(RelayAuthException.of(status, problem, asked));
  }

  private CompletableFuture<HttpResponse<byte[]>> lost(Call call, int number, Throwable failure) {
    Throwable wrapped = failure instanceof CompletionException ? failure.getCause() : null;
    Throwable cause = wrapped == null ? failure : wrapped;
    if (call.isRepeatable() && number < attempts) {
      return later(call, number, backOff(number));
    }
    return CompletableFuture.failedFuture(
        new RelayAuthException.Unavailable("no answer from " + baseUrl, cause));
  }

  private CompletableFuture<HttpResponse<byte[]>> later(Call call, int number, Duration pause) {
    return CompletableFuture.supplyAsync(
            () -> call, CompletableFuture.delayedExecutor(pause.toMillis(), TimeUnit.MILLISECONDS))
        .thenCompose(again -> attempt(again, number + 1));
  }

  private HttpRequest request(Call call, Secret secret) {
    URI address = URI.create(baseUrl + call.path());
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address).timeout(timeout).header("Accept", "application/json");
    credential.authorize(request, call.method(), address, secret);
    String seen = revision.get();
    if (seen != null) {
      request.header("Relay-Revision", seen);
    }
    call.headers().forEach(request::header);
    if (call.prover() != null) {
      request.header(DpopKey.HEADER, call.prover().proof(call.method(), address));
    }
    if (call.body() == null) {
      request.method(call.method(), HttpRequest.BodyPublishers.noBody());
    } else {
      request
          .header(
              "Content-Type", call.body() instanceof Yaml ? "application/yaml" : "application/json")
          .method(call.method(), HttpRequest.BodyPublishers.ofByteArray(write(call.body())));
    }
    return request.build();
  }

  /** 100 ms doubled at each attempt, half of it random so that clients don't come back together. */
  private static Duration backOff(int number) {
    long ceiling = Math.min(LONGEST_BACK_OFF, 100L << Math.min(number, 10));
    return Duration.ofMillis(ceiling / 2 + ThreadLocalRandom.current().nextLong(ceiling / 2));
  }

  private static byte[] write(Object body) {
    if (body instanceof Yaml yaml) {
      return yaml.text().getBytes(StandardCharsets.UTF_8);
    }
    try {
      return JSON.writeValueAsBytes(body);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("a body that is not JSON", e);
    }
  }

  private static <T> T read(HttpResponse<byte[]> answer, JavaType type) {
    byte[] body = answer.body();
    try {
      // 204 has no body: nothing, as JSON says it.
      T read = JSON.readValue(body.length == 0 ? NOTHING : body, type);
      if (read == null) {
        throw new RelayAuthException.Unreadable(answer.statusCode(), null);
      }
      return read;
    } catch (IOException e) {
      throw new RelayAuthException.Unreadable(answer.statusCode(), e);
    }
  }

  private static Map<String, Object> problem(byte[] body) {
    try {
      Map<String, Object> read = JSON.readValue(body, PROBLEM);
      if (read == null) {
        return Map.of();
      }
      read.values().removeIf(java.util.Objects::isNull);
      return read;
    } catch (IOException notAProblem) {
      return Map.of();
    }
  }

  /** Waits for an answer and throws its failure as it is. */
  static <T> T await(CompletableFuture<T> answer) {
    try {
      return answer.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw e;
    }
  }
}
