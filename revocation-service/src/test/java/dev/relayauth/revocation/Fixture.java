package dev.relayauth.revocation;

import static io.restassured.RestAssured.given;

import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.testing.World;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An organisation of its own, with an admin's key and peers that know its tokens and agents. */
final class Fixture {
  final World world = World.get();
  final String org = world.id(IdPrefix.ORGANIZATION);
  final String key = world.apiKey(org, "*");

  RequestSpecification admin() {
    return given().header("x-api-key", key).contentType(ContentType.JSON);
  }

  RequestSpecification platform() {
    return given().header("x-api-key", world.platformKey()).contentType(ContentType.JSON);
  }

  static RequestSpecification bearer(String token) {
    return given().header("Authorization", "Bearer " + token);
  }

  ValidatableResponse revokeTokens(Map<String, ?> body) {
    return admin().body(body).post("/v1/tokens/revoke").then();
  }

  ValidatableResponse revoke(Map<String, ?> body) {
    return admin().body(body).post("/v1/revocations").then();
  }

  /** The token service knows a token of this organisation, issued at {@code rev}. */
  void knowsToken(String jti, IdentityState agent, String sid, long rev) {
    knowsToken(jti, agent, sid, List.of(), rev);
  }

  /** The same of one that descends from these. */
  void knowsToken(String jti, IdentityState agent, String sid, List<String> lineage, long rev) {
    Map<String, Object> facts =
        Map.of(
            "orgId",
            org,
            "jti",
            jti,
            "sid",
            sid,
            "kid",
            "kid",
            "identityId",
            agent.id(),
            "sponsorChain",
            agent.sponsorChain(),
            "workspaceId",
            "ws_prod",
            "lineage",
            lineage,
            "rev",
            rev);
    knows(jti, sid, facts);
  }

  /** Also when the token, and with another end its session, is over. */
  void knowsEnds(String jti, String sid, Instant tokenEnd, Instant sessionEnd) {
    answer(
        "/internal/v1/tokens/" + org + "/" + jti,
        Map.of("orgId", org, "jti", jti, "expiresAt", tokenEnd.toString()));
    answer(
        "/internal/v1/sessions/" + org + "/" + sid,
        Map.of("orgId", org, "sid", sid, "expiresAt", sessionEnd.toString()));
  }

  private void knows(String jti, String sid, Map<String, Object> facts) {
    answer("/internal/v1/tokens/" + org + "/" + jti, facts);
    answer("/internal/v1/tokens/-/" + jti, facts);
    answer("/internal/v1/sessions/" + org + "/" + sid, facts);
  }

  void knowsEntity(String kind, String id) {
    answer("/internal/v1/entities/" + org + "/" + kind + "/" + id, Map.of());
  }

  void answer(String path, @Nullable Object value) {
    world.peers().on(path, call -> value);
  }
}
