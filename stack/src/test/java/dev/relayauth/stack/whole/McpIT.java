package dev.relayauth.stack.whole;

import static org.assertj.core.api.Assertions.assertThat;

import dev.relayauth.examples.mcp.McpServer;
import dev.relayauth.examples.mcp.Shop;
import dev.relayauth.sdk.DpopKey;
import dev.relayauth.sdk.Secret;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The example of an MCP server, as a client meets it that knows nothing but its address: a shop
 * behind a proxy, whose tokens the running stack issues.
 */
class McpIT {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final String RESOURCE = McpServer.resourceOf(OutsideCi.SHOP);
  private static WholeStack stack;
  private static McpServer server;
  private static String local;
  private static String agent;
  private static String secret;

  @BeforeAll
  static void start() throws IOException {
    stack = WholeStack.shared();
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    local = "http://127.0.0.1:" + port;
    server =
        Shop.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
            OutsideCi.SHOP,
            stack.baseUrl(),
            "org_acme",
            new Secret(stack.credentials().getString("adminApiKey")));
    JsonArray scopes = new JsonArray().add("stripe:orders:read").add("stripe:orders:refund");
    JsonObject shopper =
        new JsonObject()
            .put("name", "mcp-" + Long.toString(System.nanoTime(), 36))
            .put("sponsorId", "user_jane")
            .put("scopes", scopes);
    agent = stack.api().post("/v1/identities", shopper).expect(201).text("id");
    JsonObject key =
        new JsonObject().put("name", "mcp-client").put("identityId", agent).put("scopes", scopes);
    secret = stack.api().post("/v1/api-keys", key).expect(201).text("key");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void leadsAStrangerToATokenAndServesItThen() throws Exception {
    HttpResponse<String> challenged = post("/mcp", call("list_orders"), Map.of());
    assertThat(challenged.statusCode()).isEqualTo(401);
    // RFC 9728 §5.1, and the scope as the MCP specification asks for.
    URI metadata = URI.create(challengeMember(challenged, "resource_metadata"));
    assertThat(metadata.toString()).startsWith(OutsideCi.SHOP + "/.well-known/");
    String scope = challengeMember(challenged, "scope");
    assertThat(scope).isEqualTo("stripe:orders:read");

    JsonObject described = json(get(local + metadata.getPath()));
    // RFC 9728 §3.3: what is described must be what was asked for.
    assertThat(described.getString("resource")).isEqualTo(RESOURCE);
    String issuer = described.getJsonArray("authorization_servers").getString(0);
    JsonObject authority = json(get(issuer + "/.well-known/oauth-authorization-server"));
    assertThat(authority.getString("issuer")).isEqualTo(issuer);

    String token = token(authority.getString("token_endpoint"), scope, RESOURCE, Optional.empty());
    HttpResponse<String> initialized = post("/mcp", request("initialize"), bearer(token));
    assertThat(json(initialized).getJsonObject("result").getString("protocolVersion")).isNotEmpty();
    HttpResponse<String> listed = post("/mcp", request("tools/list"), bearer(token));
    assertThat(json(listed).getJsonObject("result").getJsonArray("tools")).hasSize(2);
    assertThat(post("/mcp", call("list_orders"), bearer(token)).body()).contains("3 chairs");
  }

  @Test
  void saysWhichScopeAToolNeeds() throws Exception {
    String reading = token("stripe:orders:read", RESOURCE);

    HttpResponse<String> refused = post("/mcp", call("refund_order"), bearer(reading));

    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(challengeMember(refused, "error")).isEqualTo("insufficient_scope");
    // A client asks for what the challenge names, and for nothing else.
    String stepped = token(challengeMember(refused, "scope"), RESOURCE);
    assertThat(post("/mcp", call("refund_order"), bearer(stepped)).body())
        .contains("user_jane answers for it");
  }

  @Test
  void takesNoTokenThatIsForSomebodyElse() throws Exception {
    Map<String, String> forThePlane =
        bearer(
            stack
                .api()
                .post(
                    "/v1/tokens",
                    new JsonObject()
                        .put("identityId", agent)
                        .put("scopes", new JsonArray().add("stripe:orders:read")))
                .expect(201)
                .text("accessToken"));

    assertThat(post("/mcp", call("list_orders"), forThePlane).statusCode()).isEqualTo(401);
    assertThat(post("/mcp", call("list_orders"), bearer(secret)).statusCode()).isEqualTo(401);
    assertThat(post("/mcp", call("list_orders"), bearer("a.b.c")).statusCode()).isEqualTo(401);
  }

  @Test
  void takesABoundTokenWithItsProofAlone() throws Exception {
    DpopKey key = DpopKey.generate();
    Secret token =
        new Secret(
            token(
                stack.baseUrl() + "/oauth/token",
                "stripe:orders:read",
                RESOURCE,
                Optional.of(key)));

    assertThat(post("/mcp", call("list_orders"), bearer(token.value())).statusCode())
        .isEqualTo(401);
    Map<String, String> proved =
        Map.of(
            "Authorization",
            "DPoP " + token.value(),
            DpopKey.HEADER,
            key.proof("POST", URI.create(RESOURCE), token));
    assertThat(post("/mcp", call("list_orders"), proved).statusCode()).isEqualTo(200);
    HttpResponse<String> replayed = post("/mcp", call("list_orders"), proved);
    assertThat(replayed.statusCode()).isEqualTo(401);
    assertThat(challengeMember(replayed, "error")).isEqualTo("invalid_dpop_proof");
  }

  @Test
  void takesNoRevokedToken() throws Exception {
    String token = token("stripe:orders:read", RESOURCE);
    assertThat(post("/mcp", call("list_orders"), bearer(token)).statusCode()).isEqualTo(200);

    JsonObject revoked = new JsonObject().put("tokenId", Jwt.claims(token).getString("jti"));
    stack.api().post("/v1/tokens/revoke", revoked).expect(204);

    WholeStack.await(
        Duration.ofSeconds(10),
        () -> {
          try {
            return post("/mcp", call("list_orders"), bearer(token)).statusCode() == 401;
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        });
  }

  @Test
  void refusesWhatIsNoRequest() throws Exception {
    Map<String, String> good = bearer(token("stripe:orders:read", RESOURCE));
    Map<String, String> fromAPage = new LinkedHashMap<>(good);
    fromAPage.put("Origin", "https://evil.example");

    assertThat(post("/mcp", call("list_orders"), fromAPage).statusCode()).isEqualTo(403);
    assertThat(post("/mcp/other", call("list_orders"), good).statusCode()).isEqualTo(404);
    assertThat(post("/mcp", "{", good).statusCode()).isEqualTo(400);
    assertThat(post("/mcp", "[".repeat(1_000), good).statusCode()).isEqualTo(400);
    assertThat(post("/mcp", "", good).statusCode()).isEqualTo(400);
    assertThat(post("/mcp", "null", good).statusCode()).isEqualTo(400);
    assertThat(post("/mcp", "\"" + "x".repeat(100_000) + "\"", good).statusCode()).isEqualTo(413);
    assertThat(
            json(post("/mcp", request("nothing"), good)).getJsonObject("error").getInteger("code"))
        .isEqualTo(-32601);
    assertThat(get(local + "/mcp").statusCode()).isEqualTo(405);
  }

  private static String token(String scope, String resource) throws Exception {
    return token(stack.baseUrl() + "/oauth/token", scope, resource, Optional.empty());
  }

  private static String token(String endpoint, String scope, String resource, Optional<DpopKey> key)
      throws Exception {
    String form =
        Map.of(
                "grant_type", "client_credentials",
                "client_id", agent,
                "client_secret", secret,
                "scope", scope,
                "resource", resource)
            .entrySet()
            .stream()
            .map(
                each ->
                    each.getKey()
                        + "="
                        + URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(endpoint))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form));
    key.ifPresent(held -> request.header(DpopKey.HEADER, held.proof("POST", URI.create(endpoint))));
    return json(HTTP.send(request.build(), BodyHandlers.ofString())).getString("access_token");
  }

  private static HttpResponse<String> post(String path, String body, Map<String, String> headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(local + path))
            .header("Content-Type", "application/json")
            .header("Accept", "application/json, text/event-stream")
            .POST(BodyPublishers.ofString(body));
    headers.forEach(request::header);
    return HTTP.send(request.build(), BodyHandlers.ofString());
  }

  private static HttpResponse<String> get(String url) throws Exception {
    return HTTP.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString());
  }

  private static Map<String, String> bearer(String token) {
    return Map.of("Authorization", "Bearer " + token);
  }

  private static String call(String tool) {
    JsonObject params =
        new JsonObject()
            .put("name", tool)
            .put("arguments", new JsonObject().put("order", "order_1"));
    return new JsonObject(request("tools/call")).put("params", params).encode();
  }

  private static String request(String method) {
    return new JsonObject().put("jsonrpc", "2.0").put("id", 1).put("method", method).encode();
  }

  private static JsonObject json(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return (JsonObject) Json.decodeValue(answer.body());
  }

  private static String challengeMember(HttpResponse<String> answer, String name) {
    String challenge = answer.headers().firstValue("WWW-Authenticate").orElse("none");
    Matcher member = Pattern.compile(name + "=\"([^\"]*)\"").matcher(challenge);
    assertThat(member.find()).as(challenge).isTrue();
    return member.group(1);
  }
}
