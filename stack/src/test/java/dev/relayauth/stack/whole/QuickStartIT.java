package dev.relayauth.stack.whole;

import static org.assertj.core.api.Assertions.assertThat;

import dev.relayauth.stack.demo.Api;
import dev.relayauth.stack.demo.Demo;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a newcomer does in the first five minutes, and what a careless client does. */
class QuickStartIT {
  private static final Pattern BLOCK = Pattern.compile("```bash\\n(.*?)```", Pattern.DOTALL);
  private static WholeStack stack;

  @BeforeAll
  static void start() {
    stack = WholeStack.shared();
  }

  @Test
  void runsTheReadmesCurlLinesAsTheyStand() throws Exception {
    Path folder = Files.createTempDirectory("readme");
    Files.createSymbolicLink(folder.resolve(".relayauth"), stack.state());
    Path script = WholeStack.root().resolve("relayauth");
    Path wrapper = folder.resolve("relayauth");
    Files.writeString(wrapper, "#!/usr/bin/env bash\nexec " + script + " \"$@\"\n");
    assertThat(wrapper.toFile().setExecutable(true)).isTrue();
    StringBuilder lines = new StringBuilder("set -euo pipefail\n");
    Matcher blocks = BLOCK.matcher(Files.readString(WholeStack.root().resolve("README.md")));
    while (blocks.find()) {
      lines.append(blocks.group(1)).append("echo\n");
    }
    Process bash =
        new ProcessBuilder("bash", "-c", lines.toString())
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    String output = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(bash.waitFor()).as(output).isZero();
    assertThat(output)
        .contains("\"name\":\"invoice-bot\"")
        .contains("\"decision\":\"allow\"")
        .contains("\"decision\":\"deny\"")
        .contains("\"valid\":");
  }

  @Test
  void tellsTheDemosStory() throws Exception {
    PrintStream before = System.out;
    ByteArrayOutputStream told = new ByteArrayOutputStream();
    System.setOut(new PrintStream(told, true, StandardCharsets.UTF_8));
    try {
      Demo.main(new String[] {"--state", stack.state().toString()});
    } finally {
      System.setOut(before);
    }
    assertThat(told.toString(StandardCharsets.UTF_8))
        .contains("verified  offline from the JWKS")
        .contains("stripe:orders:read → ALLOW")
        .contains("stripe:orders:approve → DENY")
        .contains("scope_escalation")
        .contains("token_revoked")
        .contains("token.issued")
        .contains("← user_jane")
        .contains("5 of 40 were placed, order 6 was refused (rate_exceeded")
        .contains("the bot is suspended; its token was dead at all five services")
        .containsPattern("webhook +user_jane was told: .*identity.suspended")
        .contains("on record budget.exceeded");
  }

  @Test
  void issuesATokenForAnIdentityCreatedAMomentAgoAThousandTimes() {
    Api api = stack.api();
    for (int i = 0; i < 1_000; i++) {
      JsonObject body = new JsonObject().put("name", "thousand-" + i).put("sponsorId", "user_jane");
      String id = api.post("/v1/identities", body).expect(201).text("id");
      api.post("/v1/tokens", token(id, "stripe:orders:read")).expect(201);
    }
  }

  @Test
  void decidesOnATokenIssuedAMomentAgoAHundredTimes() {
    Api api = stack.api();
    for (int i = 0; i < 100; i++) {
      JsonObject body = new JsonObject().put("name", "fresh-" + i).put("sponsorId", "user_jane");
      String id = api.post("/v1/identities", body).expect(201).text("id");
      String token =
          api.post("/v1/tokens", token(id, "stripe:orders:read")).expect(201).text("accessToken");
      JsonObject question = new JsonObject().put("token", token).put("scope", "stripe:orders:read");
      assertThat(api.post("/v1/authorize", question).expect(200).body().getBoolean("allowed"))
          .isTrue();
    }
  }

  @Test
  void hasAnAdminTokenThatEveryServiceAccepts() {
    Api bearer = stack.api().as(stack.credentials().getString("adminToken"));
    for (String path :
        List.of(
            "/v1/identities",
            "/v1/keys",
            "/v1/policies",
            "/v1/audit",
            "/v1/stats",
            "/v1/revocations")) {
      assertThat(bearer.get(path).status()).as(path).isEqualTo(200);
    }
  }

  @Test
  void answersTheContractForBadInput() throws Exception {
    List<String> wrong = new ArrayList<>();
    String key = stack.credentials().getString("adminApiKey");
    List<String> posts =
        List.of(
            "/v1/identities",
            "/v1/tokens",
            "/v1/tokens/refresh",
            "/v1/tokens/validate",
            "/v1/authorize",
            "/v1/authorize/batch",
            "/v1/policies",
            "/v1/roles",
            "/v1/scopes/validate",
            "/v1/scopes/check",
            "/v1/tokens/revoke",
            "/v1/revocations",
            "/v1/audit/export",
            "/v1/api-keys",
            "/v1/sponsors",
            "/v1/workspaces");
    List<String> bodies =
        List.of(
            "",
            "{",
            "null",
            "[]",
            "5",
            "\"x\"",
            "{}",
            "{\"name\":5,\"identityId\":[],\"scope\":{},\"token\":1}",
            "{\"a\":1}{",
            "[".repeat(2000),
            "{\"name\":\"\\u0000\",\"sponsorId\":\"user_jane\"}");
    for (String path : posts) {
      for (String body : bodies) {
        int status = send("POST", path, key, body).statusCode();
        if (status != 400) {
          wrong.add(path + " " + body.substring(0, Math.min(40, body.length())) + " → " + status);
        }
      }
      expect(wrong, path, 413, send("POST", path, key, "\"" + "x".repeat(300_000) + "\""));
      if (!path.equals("/v1/tokens/refresh")) {
        expect(wrong, path, 401, send("POST", path, null, "{}"));
        expect(wrong, path, 401, send("POST", path, "not-a-token", "{}"));
      }
    }
    expect(wrong, "foreign path", 404, send("GET", "/v1/nowhere", key, null));
    expect(wrong, "internal path", 404, send("GET", "/internal/v1/probes", key, null));
    expect(wrong, "unknown id", 404, send("GET", "/v1/identities/agent_nobody", key, null));
    assertThat(wrong).isEmpty();
  }

  private static void expect(
      List<String> wrong, String what, int status, HttpResponse<String> answer) {
    if (answer.statusCode() != status || !answer.body().contains("\"code\"")) {
      wrong.add(what + " → " + answer.statusCode() + " " + answer.body() + ", not " + status);
    }
  }

  private static HttpResponse<String> send(String method, String path, String key, String body)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(stack.baseUrl() + path))
            .timeout(Duration.ofSeconds(20))
            .header("content-type", "application/json")
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (key != null) {
      request.header("authorization", "Bearer " + key);
    }
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  private static JsonObject token(String identityId, String scope) {
    return new JsonObject().put("identityId", identityId).put("scopes", new JsonArray().add(scope));
  }
}
