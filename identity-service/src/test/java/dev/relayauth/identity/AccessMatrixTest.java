package dev.relayauth.identity;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.is;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.relayauth.common.event.AuditRecord;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.http.Internal;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.revocation.RevocationKind;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import java.lang.annotation.Annotation;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Every route × every credential: what is not listed as allowed fails. */
@QuarkusTest
class AccessMatrixTest extends IdentityTestBase {
  private record Route(String method, String path, String scope, boolean platform) {}

  private static final String ORG = "{org}";

  /** Something to every route: none of it may happen. */
  private static final String BODY =
      """
      {"name":"intruder","sponsorId":"user_jane","status":"offboarded","reason":"x",
       "scopes":[],"identities":[{"name":"many","sponsorId":"user_jane"}]}
      """;

  private static final List<Route> ROUTES =
      List.of(
          new Route("POST", "/v1/organizations", "", true),
          new Route("GET", "/v1/organizations", "relayauth:organization:read", true),
          new Route("GET", "/v1/organizations/" + ORG, "relayauth:organization:read", true),
          new Route("PATCH", "/v1/organizations/" + ORG, "relayauth:organization:manage", true),
          new Route("POST", "/v1/workspaces", "relayauth:workspace:manage", false),
          new Route("GET", "/v1/workspaces", "relayauth:workspace:read", false),
          new Route("GET", "/v1/workspaces/ws_prod", "relayauth:workspace:read", false),
          new Route("PATCH", "/v1/workspaces/ws_prod", "relayauth:workspace:manage", false),
          new Route("POST", "/v1/sponsors", "relayauth:sponsor:manage", false),
          new Route("GET", "/v1/sponsors", "relayauth:sponsor:read", false),
          new Route("GET", "/v1/sponsors/user_jane", "relayauth:sponsor:read", false),
          new Route("PATCH", "/v1/sponsors/user_jane", "relayauth:sponsor:manage", false),
          new Route("POST", "/v1/identities", "relayauth:identity:manage", false),
          new Route("GET", "/v1/identities", "relayauth:identity:read", false),
          new Route("GET", "/v1/identities/{agent}", "relayauth:identity:read", false),
          new Route("PATCH", "/v1/identities/{agent}", "relayauth:identity:manage", false),
          new Route("DELETE", "/v1/identities/{agent}", "relayauth:identity:manage", false),
          new Route("POST", "/v1/identities/{agent}/suspend", "relayauth:identity:manage", false),
          new Route(
              "POST", "/v1/identities/{agent}/reactivate", "relayauth:identity:manage", false),
          new Route("POST", "/v1/identities/{agent}/retire", "relayauth:identity:manage", false),
          new Route(
              "POST", "/v1/identities/{agent}/sub-agents", "relayauth:identity:manage", false),
          new Route("GET", "/v1/identities/{agent}/sub-agents", "relayauth:identity:read", false),
          new Route("POST", "/v1/api-keys", "relayauth:api-key:manage", false),
          new Route("GET", "/v1/api-keys", "relayauth:api-key:read", false),
          new Route("POST", "/v1/api-keys/{key}/revoke", "relayauth:api-key:manage", false),
          new Route("POST", "/v1/api-keys/{key}/rotate", "relayauth:api-key:manage", false),
          new Route("POST", "/v1/identities:batch", "relayauth:identity:manage", false),
          new Route("GET", "/v1/identities:export", "relayauth:identity:read", false),
          new Route("POST", "/v1/config:plan", "relayauth:identity:read", false),
          new Route("POST", "/v1/config:apply", "relayauth:identity:manage", false));

  @Test
  void refusesEveryRouteWithoutAGoodCredentialAndLeavesNoTrace() throws SQLException {
    agentId = agent("target", "user_jane", "stripe:orders:read");
    keyId = keyId("target");
    IdentityState bot = world.agent(org, "*");
    Map<String, String> bad = bad(bot);
    String narrow = narrowKey("stripe:orders:read");
    String workspaceToken = workspaceToken();
    new Trail(world, org).await(entry -> "api_key.rotated".equals(entry.action()));
    String before = snapshot();
    int recorded = new Trail(world, org).read().size();
    List<String> wrong = new ArrayList<>();
    for (Route route : ROUTES) {
      expect(wrong, route, null, 401);
      bad.forEach((name, credential) -> expect(wrong, route, credential, 401));
      expect(wrong, route, workspaceToken, 401);
      expect(wrong, route, world.token(bot, "stripe:orders:read"), 403);
      expect(wrong, route, narrow, 403);
      if (!route.platform()) {
        expect(wrong, route, world.platformKey(), 403);
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(snapshot()).isEqualTo(before);
    int denials = 3 * ROUTES.size();
    Awaitility.await()
        .atMost(Duration.ofSeconds(15))
        .until(() -> new Trail(world, org).read().size() >= recorded + denials);
    List<AuditRecord> trail = new Trail(world, org).read();
    assertThat(trail.stream().filter(entry -> entry.action().equals("scope.denied")))
        .hasSize(denials)
        .allMatch(entry -> entry.result() == AuditRecord.Result.denied);
    assertThat(trail).hasSize(recorded + denials);
  }

  private Map<String, String> bad(IdentityState bot) {
    String revoked = world.token(bot, "*");
    world.revoke(org, RevocationKind.SESSION, sid(revoked), false);
    awaitStatus(revoked, 401);
    String revokedKey = key("revoked", "*");
    as(adminKey).post("/v1/api-keys/{id}/revoke", keyId("revoked")).then().statusCode(200);
    awaitStatus(revokedKey, 401);
    String expiredKey = key("expired", "*");
    as(adminKey)
        .body(Map.of("overlapSeconds", 0))
        .post("/v1/api-keys/{id}/rotate", keyId("expired"))
        .then()
        .statusCode(201);
    awaitStatus(expiredKey, 401);
    return Map.of(
        "expired",
        world.sign(world.claims(bot, "*").exp(1_000_000_000).build()),
        "revoked",
        revoked,
        "revoked key",
        revokedKey,
        "expired key",
        expiredKey,
        "wrong audience",
        world.sign(world.claims(bot, "*").aud(List.of("stripe")).build()),
        "wrong issuer",
        world.sign(world.claims(bot, "*").iss("https://evil.test").build()),
        "refresh type",
        world.sign(world.claims(bot, "*").tokenType("refresh").build()),
        "tampered",
        world.token(bot, "*") + "x",
        "unknown key",
        "rak_" + "A".repeat(49));
  }

  private String keyId(String name) {
    if (name.equals("target")) {
      key(name, "stripe:orders:read");
    }
    return as(adminKey)
        .get("/v1/api-keys")
        .then()
        .extract()
        .path("data.find { it.name == '" + name + "' }.id");
  }

  private String workspaceToken() {
    return given()
        .header("Authorization", "Bearer " + services.forCallee("identity"))
        .contentType(ContentType.JSON)
        .body(
            Map.of(
                "orgId", org,
                "kind", "workspace_token",
                "name", "w",
                "scopes", List.of("*"),
                "sponsorId", "user_jane",
                "workspaceId", "ws_prod"))
        .post("/internal/v1/api-keys")
        .then()
        .statusCode(201)
        .extract()
        .path("key");
  }

  /** Everything of the organisation, apart from when keys were last used. */
  private String snapshot() throws SQLException {
    StringBuilder all = new StringBuilder();
    String url = world.jdbcUrl();
    try (var connection = DriverManager.getConnection(url, "postgres", "postgres");
        var statement = connection.createStatement()) {
      for (String table :
          List.of("workspace", "sponsor", "identity", "api_key", "creation_window", "configured")) {
        String columns = table.equals("api_key") ? "id, name, revoked_at, expires_at" : "t.*";
        var rows =
            statement.executeQuery(
                "select coalesce(md5(string_agg(r::text, ',' order by r::text)), '') from (select "
                    + columns
                    + " from identity."
                    + table
                    + " t where org_id = '"
                    + org
                    + "') r");
        rows.next();
        all.append(table).append('=').append(rows.getString(1)).append(' ');
      }
    }
    return all.toString();
  }

  @Test
  void hasEveryRouteThatIsServedToClients() {
    Set<String> listed = new TreeSet<>();
    for (Route route : ROUTES) {
      String path = route.path().replaceAll("ws_prod|user_jane|\\{[a-z]+}", "{}");
      listed.add(route.method() + " " + path);
    }
    assertThat(served()).isEqualTo(listed);
  }

  /** The routes of the compiled resources, with every parameter as {@code {}}. */
  private static Set<String> served() {
    Set<String> served = new TreeSet<>();
    for (JavaClass resource :
        new ClassFileImporter().importPath(java.nio.file.Path.of("target/classes"))) {
      Optional<Path> at = resource.tryGetAnnotationOfType(Path.class);
      for (JavaMethod method : at.isEmpty() ? Set.<JavaMethod>of() : resource.getMethods()) {
        for (Class<? extends Annotation> verb :
            List.of(GET.class, POST.class, PUT.class, PATCH.class, DELETE.class)) {
          if (method.isAnnotatedWith(verb) && !method.isAnnotatedWith(Internal.class)) {
            String below =
                method.tryGetAnnotationOfType(Path.class).map(path -> path.value()).orElse("");
            served.add(
                verb.getSimpleName()
                    + " "
                    + (at.get().value() + below).replaceAll("\\{[A-Za-z]+}", "{}"));
          }
        }
      }
    }
    return served;
  }

  @Test
  void takesThePlatformKeyExactlyWhereARouteIsThePlatforms() {
    List<String> wrong = new ArrayList<>();
    for (Route route : ROUTES) {
      int status = call(route, world.platformKey());
      if (route.platform() == (status == 403) || status == 401 || status >= 500) {
        wrong.add(route + " answered " + status);
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void admitsExactlyTheScopeThatARouteNames() {
    String service =
        create(Map.of("name", "bot", "type", "service", "sponsorId", "user_jane"))
            .statusCode(201)
            .extract()
            .path("id");
    List<String> wrong = new ArrayList<>();
    for (Route route : ROUTES) {
      if (!route.scope().isEmpty()) {
        int byToken = call(route, token(service, List.of("user_jane", service), route.scope()));
        int byKey = call(route, narrowKey(route.scope()));
        if (byToken == 401 || byToken == 403 || byToken >= 500) {
          wrong.add(route + " refused a bearer: " + byToken);
        }
        if (byKey == 401 || byKey == 403 || byKey >= 500) {
          wrong.add(route + " refused a key: " + byKey);
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void hidesWhatBelongsToAnotherTenant() {
    String mine = agent("mine", "user_jane", "stripe:orders:read");
    String other = world.id(IdPrefix.ORGANIZATION);
    String foreigner = world.token(world.agent(other, "*"), "*");
    for (String path :
        List.of(
            "/v1/identities/" + mine,
            "/v1/sponsors/user_jane",
            "/v1/workspaces/ws_prod",
            "/v1/organizations/" + org)) {
      bearer(foreigner).get(path).then().statusCode(404);
      bearer(foreigner).body(Map.of("name", "stolen")).patch(path).then().statusCode(404);
    }
    agentId = mine;
    keyId = keyId("target");
    List<String> wrong = new ArrayList<>();
    for (Route route : ROUTES) {
      if (route.path().contains("{agent}") || route.path().contains("{key}")) {
        expect(wrong, route, foreigner, route.method().equals("DELETE") ? 400 : 404);
      }
    }
    assertThat(wrong).isEmpty();
    bearer(foreigner).get("/v1/identities").then().statusCode(200).body("data.size()", is(0));
  }

  private void expect(List<String> wrong, Route route, String credential, int status) {
    int actual = call(route, credential);
    if (actual != status) {
      wrong.add(route.method() + " " + route.path() + " answered " + actual + ", not " + status);
    }
  }

  private int call(Route route, String credential) {
    var request = given().urlEncodingEnabled(false).contentType(ContentType.JSON);
    if (credential != null) {
      request = request.header("Authorization", "Bearer " + credential);
    }
    if (!route.method().equals("GET")) {
      request = request.body(BODY);
    }
    String path =
        route.path().replace(ORG, org).replace("{agent}", agentId).replace("{key}", keyId);
    return request.request(route.method(), path).statusCode();
  }

  private String agentId = "agent_x";
  private String keyId = "ak_x";
  private final Map<String, String> keys = new java.util.HashMap<>();

  private String narrowKey(String scope) {
    return keys.computeIfAbsent(
        scope,
        s ->
            as(adminKey)
                .body(Map.of("name", "narrow", "scopes", List.of(s)))
                .post("/v1/api-keys")
                .then()
                .statusCode(201)
                .extract()
                .path("key"));
  }

  private void awaitStatus(String token, int status) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                given()
                        .header("Authorization", "Bearer " + token)
                        .get("/v1/identities")
                        .statusCode()
                    == status);
  }

  private static String sid(String token) {
    String payload =
        new String(
            java.util.Base64.getUrlDecoder().decode(token.split("\\.")[1]),
            java.nio.charset.StandardCharsets.UTF_8);
    return io.restassured.path.json.JsonPath.from(payload).getString("sid");
  }
}
