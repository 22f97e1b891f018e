package dev.relayauth.examples.ci;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.relayauth.sdk.Secret;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A CI job without a stored secret: the OIDC token that the CI gives it is exchanged for a token of
 * the agent that its repository stands for ({@code jwt-bearer}, RFC 7523). RelayAuth trusts the CI
 * by configuration, {@code relayauth.token.trusted-issuers.<name>}.
 */
public final class CiJob {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

  /** RelayAuth, or the CI, refused; {@code getMessage} says why and holds no token. */
  public static final class Refused extends IOException {
    private static final long serialVersionUID = 1L;

    Refused(String message) {
      super(message);
    }
  }

  /**
   * As a step of GitHub Actions with {@code id-token: write}: prints the agent's token for the
   * scopes that are its arguments, for the next step to mask and use.
   */
  public static void main(String[] scopes) throws IOException, InterruptedException {
    Map<String, String> environment = System.getenv();
    String issuer = required(environment, "RELAYAUTH_URL");
    CiJob job = new CiJob();
    Secret assertion =
        job.identityToken(
            URI.create(required(environment, "ACTIONS_ID_TOKEN_REQUEST_URL")),
            new Secret(required(environment, "ACTIONS_ID_TOKEN_REQUEST_TOKEN")),
            issuer);
    System.out.println(job.agentToken(issuer, assertion, String.join(" ", scopes)).value());
  }

  /**
   * The OIDC token that GitHub Actions vouches for this job with, for {@code audience}.
   *
   * @throws Refused when GitHub gives none
   */
  public Secret identityToken(URI requestUrl, Secret requestToken, String audience)
      throws IOException, InterruptedException {
    URI address = URI.create(requestUrl + "&audience=" + encode(audience));
    HttpRequest request =
        HttpRequest.newBuilder(address)
            .timeout(TIMEOUT)
            .header("Authorization", "Bearer " + requestToken.value())
            .build();
    return member(request, "value");
  }

  /**
   * The agent's access token for what the CI said of this job.
   *
   * @param scopes separated by spaces; empty for all that the agent has
   * @throws Refused when RelayAuth doesn't trust the CI, or the agent may not have the scopes
   */
  public Secret agentToken(String issuer, Secret assertion, String scopes)
      throws IOException, InterruptedException {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer");
    form.put("assertion", assertion.value());
    if (!scopes.isEmpty()) {
      form.put("scope", scopes);
    }
    String body =
        form.entrySet().stream()
            .map(each -> encode(each.getKey()) + "=" + encode(each.getValue()))
            .collect(Collectors.joining("&"));
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(issuer + "/oauth/token"))
            .timeout(TIMEOUT)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return member(request, "access_token");
  }

  private Secret member(HttpRequest request, String name) throws IOException, InterruptedException {
    HttpResponse<byte[]> answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
    JsonNode json = JSON.readTree(answer.body());
    String value = json.path(name).asText();
    if (answer.statusCode() != 200 || value.isEmpty()) {
      String why = json.path("error").asText() + " " + json.path("error_description").asText();
      throw new Refused(request.uri().getPath() + " answered " + answer.statusCode() + ": " + why);
    }
    return new Secret(value);
  }

  private static String required(Map<String, String> environment, String name) {
    String value = environment.get(name);
    if (value == null || value.isBlank()) {
      throw new IllegalStateException("set " + name);
    }
    return value;
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
