package dev.relayauth.identity.adapter.configuration;

import dev.relayauth.common.config.RelayAuthConfig;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.internal.ServiceUnavailableException;
import dev.relayauth.common.json.Json;
import dev.relayauth.common.revision.Revision;
import dev.relayauth.common.revision.RevisionCodec;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The policy service's public routes, called with the caller's own credential: what the caller may
 * not do there is refused there, and recorded there as the caller's. Blocking.
 */
@Singleton
final class PolicyRoutes {
  private static final int MAX_PAGES = 50;

  private final RelayAuthConfig config;
  private final RevisionCodec revisions;
  private final HttpClient http;

  PolicyRoutes(RelayAuthConfig config) {
    this.config = config;
    this.revisions = new RevisionCodec(Base64.getUrlDecoder().decode(config.revisionKey()));
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(config.internal().timeout())
            .build();
  }

  /**
   * An answer, and the revision that names what the call wrote; of no source when there is none.
   */
  record Reply(Map<String, Object> members, Revision revision) {}

  /** Everything in a list such as {@code /v1/roles}. */
  List<Map<String, Object>> list(String path, Forwarded caller) {
    List<Map<String, Object>> all = new ArrayList<>();
    String cursor = null;
    for (int page = 0; page < MAX_PAGES; page++) {
      String query =
          "?limit=200"
              + (cursor == null
                  ? ""
                  : "&cursor=" + URLEncoder.encode(cursor, StandardCharsets.UTF_8));
      Map<String, Object> answer = send("GET", path + query, null, caller).members();
      if (answer.get("data") instanceof List<?> items) {
        items.forEach(item -> all.add(members(item)));
      }
      cursor = answer.get("cursor") instanceof String next ? next : null;
      if (cursor == null) {
        return all;
      }
    }
    throw new RefusedException(ErrorCode.CONFLICT, "there are too many to compare with");
  }

  /**
   * Calls a route.
   *
   * @throws RefusedException with the code of the answer, when it is a refusal
   */
  Reply send(String method, String path, @Nullable Object body, Forwarded caller) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(config.urls().getOrDefault("policy", "") + path))
            .timeout(config.internal().timeout())
            .method(
                method,
                body == null
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofByteArray(Json.write(body)))
            .header("content-type", "application/json");
    caller.headers().forEach(request::header);
    try {
      return read(http.send(request.build(), BodyHandlers.ofByteArray()));
    } catch (IOException e) {
      throw new ServiceUnavailableException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServiceUnavailableException(e);
    }
  }

  private Reply read(HttpResponse<byte[]> response) {
    if (response.statusCode() / 100 == 5) {
      throw new ServiceUnavailableException("policy answered " + response.statusCode());
    }
    Map<String, Object> answer =
        response.body().length == 0 ? Map.of() : members(Json.read(response.body(), Map.class));
    if (response.statusCode() / 100 == 2) {
      return new Reply(
          answer,
          response
              .headers()
              .firstValue("Relay-Revision")
              .flatMap(revisions::decode)
              .orElse(new Revision(Map.of())));
    }
    throw refusal(response.statusCode(), answer);
  }

  private static RefusedException refusal(int status, Map<String, Object> problem) {
    ErrorCode code =
        Arrays.stream(ErrorCode.values())
            .filter(known -> known.slug().equals(problem.get("code")))
            .findFirst()
            .orElse(status == 404 ? ErrorCode.NOT_FOUND : ErrorCode.VALIDATION_FAILED);
    Map<String, Object> further = new HashMap<>(problem);
    List.of(
            "type",
            "title",
            "status",
            "detail",
            "instance",
            "code",
            "error",
            "message",
            "requestId")
        .forEach(further::remove);
    return new RefusedException(code, String.valueOf(problem.get("detail")), further);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> members(@Nullable Object json) {
    return json instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
  }
}
