package dev.relayauth.policy.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.relayauth.common.scope.Scope;
import dev.relayauth.testing.LocalServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(
    value = LocalServers.class,
    initArgs = @ResourceArg(name = "service", value = "policy"))
class ScopeRoutesTest extends PolicyServiceTest {
  @Test
  void takesAScopeApart() {
    Response parts = post("/v1/scopes/validate", Map.of("scope", "relaycast:channel:write:#b"));
    assertThat(parts.statusCode()).isEqualTo(200);
    assertThat(parts.<Map<String, String>>path(""))
        .isEqualTo(
            Map.of(
                "plane", "relaycast",
                "resource", "channel",
                "action", "write",
                "path", "#b",
                "raw", "relaycast:channel:write:#b"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a:b", "a:b:c:d:e", "A:b:c", "a:b:c:/x/../y", "a:b:c:**", "a: b:c"})
  void refusesWhatIsNoScope(String text) {
    Response refused = post("/v1/scopes/validate", Map.of("scope", text));
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.<String>path("code")).isEqualTo("invalid_scope");
    assertThat(refused.<String>path("scope")).isEqualTo(text);
    assertThat(refused.<String>path("reason")).isNotBlank();
  }

  @Test
  void saysWhichGrantCovers() {
    Response covered =
        post(
            "/v1/scopes/check",
            Map.of("granted", List.of("a:b:read", "a:*:manage"), "requested", "a:c:write"));
    assertThat(covered.<Boolean>path("allowed")).isTrue();
    assertThat(covered.<String>path("matched")).isEqualTo("a:*:manage");
    Response other =
        post("/v1/scopes/check", Map.of("scopes", List.of("a:b:read"), "scope", "a:b:write"));
    assertThat(other.<Boolean>path("allowed")).isFalse();
    assertThat(post("/v1/scopes/check", Map.of("scope", "a:b:c")).statusCode()).isEqualTo(400);
  }

  @Test
  void takesATextForNoScope() {
    Response refused =
        asAdmin().contentType("text/plain").body("a:b:c").post("/v1/scopes/validate");
    assertThat(refused.statusCode()).isEqualTo(415);
    assertThat(refused.<String>path("code")).isEqualTo("unsupported_media_type");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/scopes/validate", "/v1/scopes/check"})
  void putsTheUseOnRecord(String path) {
    post(path, Map.of("scope", "a:b:c"));
    assertThat(AuditTopic.of(world).find(org, "token.validated").metadata())
        .containsEntry("route", "POST " + path);
  }

  @Test
  void offersTemplatesOfValidScopes() {
    Response found = asAdmin().get("/v1/scopes/templates");
    assertThat(found.statusCode()).isEqualTo(200);
    assertThat(found.<List<List<String>>>path("data.scopes"))
        .isNotEmpty()
        .allSatisfy(scopes -> assertThat(scopes).isNotEmpty().allSatisfy(Scope::parse));
  }
}
