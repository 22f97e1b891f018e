package dev.relayauth.stack.seed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The seed against an API that keeps what it is told, as the contract says. */
class SeedTest {
  private static final String PLATFORM_KEY = "rpk_platform";
  private static final String ADMIN_KEY = "rak_admin";

  @TempDir Path folder;

  private final Map<String, JsonObject> resources = new LinkedHashMap<>();
  private final List<String> writes = new ArrayList<>();
  private HttpServer server;
  private int tokens;
  private int unavailable;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void makesWhatIsMissingAndWritesTheCredentials() throws Exception {
    Credentials credentials = seed();

    assertThat(writes)
        .containsExactly(
            "/v1/organizations", "/v1/workspaces", "/v1/sponsors", "/v1/identities", "/v1/tokens");
    assertThat(credentials.adminApiKey()).isEqualTo(ADMIN_KEY);
    assertThat(Credentials.parse(Files.readString(folder.resolve("credentials.json"))))
        .isEqualTo(credentials);
    assertThat(credentials.toString()).doesNotContain(ADMIN_KEY, PLATFORM_KEY);
  }

  @Test
  void asksOnlyForAFreshTokenTheSecondTime() throws Exception {
    Credentials first = seed();
    writes.clear();

    Credentials second = seed();

    assertThat(writes).containsExactly("/v1/tokens");
    assertThat(second.adminToken()).isNotEqualTo(first.adminToken());
    assertThat(second.adminApiKey()).isEqualTo(first.adminApiKey());
  }

  @Test
  void findsAnAdministratorThatAKilledRunDidNotRemember() throws Exception {
    seed();
    Files.delete(folder.resolve("seed.json"));

    assertThat(seed().adminToken()).isEqualTo("token-2-for-agent_1");
  }

  @Test
  void asksAgainWhileAServiceSaysToTryLater() throws Exception {
    unavailable = 2;

    assertThat(seed().adminApiKey()).isEqualTo(ADMIN_KEY);
  }

  @Test
  void saysWhatToDoWhenTheKeyOfTheOrganisationIsLost() throws Exception {
    seed();
    Files.delete(folder.resolve("credentials.json"));

    assertThatThrownBy(this::seed)
        .isInstanceOf(SeedException.class)
        .hasMessageContaining("--fresh");
  }

  private Credentials seed() throws IOException, InterruptedException {
    String baseUrl = "http://127.0.0.1:" + server.getAddress().getPort();
    Path file = folder.resolve("credentials.json");
    try (Api api = new Api(baseUrl)) {
      return new Seed(api, baseUrl, PLATFORM_KEY, file, SeedTest::write).run();
    }
  }

  private static void write(Path file, String content) {
    try {
      Files.writeString(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String key = exchange.getRequestHeaders().getFirst("x-api-key");
    byte[] sent = exchange.getRequestBody().readAllBytes();
    if (unavailable-- > 0) {
      answer(exchange, 503, new JsonObject());
    } else if (!key.equals(path.equals("/v1/organizations") ? PLATFORM_KEY : ADMIN_KEY)) {
      answer(exchange, 401, new JsonObject());
    } else if (exchange.getRequestMethod().equals("POST")) {
      create(exchange, path, new JsonObject(new String(sent, StandardCharsets.UTF_8)));
    } else {
      read(exchange, path);
    }
  }

  private void create(HttpExchange exchange, String path, JsonObject body) throws IOException {
    writes.add(path);
    if (path.equals("/v1/tokens")) {
      tokens++;
      String token = "token-" + tokens + "-for-" + body.getString("identityId");
      answer(exchange, 201, new JsonObject().put("accessToken", token));
      return;
    }
    JsonObject created = body.copy().put("id", body.getString("id", "agent_1"));
    if (resources.putIfAbsent(path + "/" + created.getString("id"), created) != null) {
      answer(exchange, 409, new JsonObject().put("code", "conflict"));
    } else {
      answer(exchange, 201, created.copy().put("key", ADMIN_KEY));
    }
  }

  private void read(HttpExchange exchange, String path) throws IOException {
    if (path.equals("/v1/identities")) {
      JsonArray all = new JsonArray();
      resources.forEach((at, each) -> addIfBelow(path, at, each, all));
      answer(exchange, 200, new JsonObject().put("data", all));
    } else if (resources.containsKey(path)) {
      answer(exchange, 200, resources.get(path));
    } else {
      answer(exchange, 404, new JsonObject().put("code", "not_found"));
    }
  }

  private static void addIfBelow(String path, String at, JsonObject each, JsonArray all) {
    if (at.startsWith(path + "/")) {
      all.add(each);
    }
  }

  private static void answer(HttpExchange exchange, int status, JsonObject body)
      throws IOException {
    byte[] bytes = body.encode().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }
}
