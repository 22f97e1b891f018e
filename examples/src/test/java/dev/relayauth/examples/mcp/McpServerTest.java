package dev.relayauth.examples.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.relayauth.common.token.Claims;
import dev.relayauth.common.token.CryptoProvider;
import dev.relayauth.common.token.JwtType;
import dev.relayauth.common.token.KeySet;
import dev.relayauth.common.token.SigningAlgorithm;
import dev.relayauth.common.token.SigningKey;
import dev.relayauth.common.token.TokenSigner;
import dev.relayauth.sdk.verify.TokenVerifier;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The MCP server as a client meets it, with an issuer that is a key and a document. */
class McpServerTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final String SHOP = "https://shop.example";
  private static final String METADATA = "/.well-known/oauth-protected-resource/mcp";
  private static final String REFUND =
      "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"refund\"}}";

  private final SigningKey key = SigningKey.generate(SigningAlgorithm.EDDSA);
  private HttpServer issuer;
  private McpServer server;
  private String local;

  @BeforeEach
  void start() throws IOException {
    InetAddress here = InetAddress.getLoopbackAddress();
    issuer = HttpServer.create(new InetSocketAddress(here, 0), 0);
    byte[] keys =
        KeySet.of(List.of(key.verificationKey())).toJson().getBytes(StandardCharsets.UTF_8);
    issuer.createContext(
        "/.well-known/jwks.json",
        exchange -> {
          try (exchange) {
            exchange.sendResponseHeaders(200, keys.length);
            exchange.getResponseBody().write(keys);
          }
        });
    issuer.start();
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, here)) {
      port = free.getLocalPort();
    }
    local = "http://127.0.0.1:" + port;
    TokenVerifier verifier =
        TokenVerifier.builder()
            .issuer(issuerUrl())
            .organization("org_acme")
            .audience(List.of(McpServer.resourceOf(SHOP)))
            .withoutRevocations()
            .build();
    server =
        McpServer.start(
            new InetSocketAddress(here, port),
            SHOP,
            issuerUrl(),
            verifier,
            List.of(
                new Tool("list", "", "stripe:orders:read", (arguments, agent) -> "orders"),
                new Tool("refund", "", "stripe:orders:refund", (arguments, agent) -> "refunded")));
  }

  @AfterEach
  void stop() {
    server.close();
    issuer.stop(0);
  }

  @Test
  void namesAllScopesThatAToolNeedsSoThatAClientIsServedAfterIt() throws Exception {
    HttpResponse<String> refused = post(REFUND, "stripe:orders:read");
    assertThat(refused.statusCode()).isEqualTo(403);

    HttpResponse<String> served = post(REFUND, challengedScope(refused).split(" "));

    assertThat(served.statusCode()).isEqualTo(200);
    assertThat(served.body()).contains("refunded");
  }

  @Test
  void leadsWhoHasOnlyTheScopeOfAToolToBoth() throws Exception {
    HttpResponse<String> outside = post(REFUND, "stripe:orders:refund");
    HttpResponse<String> inside = post(REFUND, challengedScope(outside).split(" "));

    assertThat(post(REFUND, challengedScope(inside).split(" ")).body()).contains("refunded");
  }

  @Test
  void speaksNoVersionOfTheProtocolThatItDoesNotKnow() throws Exception {
    assertThat(send(versioned("1900-01-01")).statusCode()).isEqualTo(400);
    assertThat(send(versioned("2025-06-18")).statusCode()).isEqualTo(200);
  }

  @Test
  void saysWhichMethodThereIs() throws Exception {
    HttpResponse<String> read = send(HttpRequest.newBuilder(URI.create(local + "/mcp")));
    HttpResponse<String> written =
        send(HttpRequest.newBuilder(URI.create(local + METADATA)).POST(BodyPublishers.noBody()));

    assertThat(read.statusCode()).isEqualTo(405);
    assertThat(read.headers().firstValue("Allow")).contains("POST");
    assertThat(written.statusCode()).isEqualTo(405);
    assertThat(written.headers().firstValue("Allow")).contains("GET");
  }

  @Test
  void describesItselfAtItsOwnAddressAlone() throws Exception {
    HttpResponse<String> described = send(HttpRequest.newBuilder(URI.create(local + METADATA)));

    assertThat(described.body()).contains("\"resource\":\"https://shop.example/mcp\"");
    for (String other : List.of("foo", "/", "/foo", "foo/bar")) {
      assertThat(send(HttpRequest.newBuilder(URI.create(local + METADATA + other))).statusCode())
          .as(other)
          .isEqualTo(404);
    }
  }

  private HttpRequest.Builder versioned(String version) {
    return call("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}", "stripe:orders:read")
        .header("MCP-Protocol-Version", version);
  }

  private HttpResponse<String> post(String body, String... scopes) throws Exception {
    return send(call(body, scopes));
  }

  private HttpRequest.Builder call(String body, String... scopes) {
    return HttpRequest.newBuilder(URI.create(local + "/mcp"))
        .header("Authorization", "Bearer " + token(scopes))
        .POST(BodyPublishers.ofString(body));
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return HTTP.send(request.build(), BodyHandlers.ofString());
  }

  private static String challengedScope(HttpResponse<String> answer) {
    String challenge = answer.headers().firstValue("WWW-Authenticate").orElse("none");
    Matcher scope = Pattern.compile("scope=\"([^\"]*)\"").matcher(challenge);
    assertThat(scope.find()).as(challenge).isTrue();
    return scope.group(1);
  }

  private String issuerUrl() {
    return "http://127.0.0.1:" + issuer.getAddress().getPort();
  }

  private String token(String... scopes) {
    long now = Instant.now().getEpochSecond();
    Claims claims =
        Claims.builder()
            .iss(issuerUrl())
            .sub("agent_bot")
            .jti("tok_1")
            .clientId("agent_bot")
            .org("org_acme")
            .sid("sess_1")
            .sponsorId("user_jane")
            .sponsorChain(List.of("user_jane", "agent_bot"))
            .lineage(List.of())
            .aud(List.of(McpServer.resourceOf(SHOP)))
            .scopes(List.of(scopes))
            .iat(now)
            .nbf(now)
            .exp(now + 600)
            .rev(5)
            .build();
    return new TokenSigner(key, CryptoProvider.jdk()).sign(claims, JwtType.JWT);
  }
}
