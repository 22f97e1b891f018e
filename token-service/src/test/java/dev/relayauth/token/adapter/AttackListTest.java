package dev.relayauth.token.adapter;

import static dev.relayauth.token.adapter.OutsideIssuer.header;
import static dev.relayauth.token.adapter.OutsideIssuer.jwt;
import static dev.relayauth.token.adapter.OutsideIssuer.with;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.token.SigningAlgorithm;
import dev.relayauth.common.token.SigningKey;
import dev.relayauth.testing.LocalServers;
import dev.relayauth.token.domain.keys.KeyRing;
import dev.relayauth.token.domain.keys.StoredKey;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(
    value = LocalServers.class,
    initArgs = @ResourceArg(name = "service", value = "token"))
@QuarkusTestResource(OutsideIssuer.class)
class AttackListTest {
  private Service service;

  @BeforeEach
  void ready() {
    service = Service.ready();
  }

  @Inject KeyRing ring;

  private String good;
  private Map<String, Object> claims;
  private SigningKey key;

  private void issue() {
    IdentityState agent = service.world.agent(service.org, "relayauth:token:read");
    good = service.pair(agent).getString("accessToken");
    claims = Service.claims(good);
    String kid = (String) OAuth.header(good).get("kid");
    key =
        ring.keys().stream()
            .map(StoredKey::key)
            .filter(known -> known.kid().equals(kid))
            .findFirst()
            .orElseThrow();
  }

  private static int status(String token) {
    return given()
        .header("Authorization", "Bearer " + token)
        .get("/v1/sessions?identityId=agent_x")
        .statusCode();
  }

  private void refused(List<String> tokens) {
    assertThat(status(good)).isEqualTo(200);
    // What our own signer would write is accepted: the attacks fail by what they change alone.
    assertThat(status(jwt(key, header(key), claims))).isEqualTo(200);
    assertThat(tokens).allSatisfy(token -> assertThat(status(token)).as(token).isEqualTo(401));
    // A longer one is no query: the server ends the request before anybody reads a token in it.
    assertThat(tokens)
        .filteredOn(token -> token.length() < 3_500)
        .allSatisfy(
            token ->
                assertThat(
                        service
                            .as(service.admin)
                            .queryParam("token", token)
                            .get("/v1/tokens/introspect")
                            .asString())
                    .as(token)
                    .isIn("null"));
  }

  @Test
  void refusesOtherAlgorithmsAndSignatures() throws Exception {
    issue();
    String[] parts = good.split("\\.");
    String body = parts[0] + "." + parts[1] + ".";
    List<String> wrong = new ArrayList<>();
    for (String none : List.of("none", "None", "NONE", "nOnE", "", "HS256", "ES256", "RS256")) {
      wrong.add(jwt(key, with(header(key), "alg", none), claims));
      wrong.add(jwt(key, with(header(key), "alg", none), claims).replaceAll("[^.]*$", ""));
    }
    wrong.add(body);
    wrong.add(parts[0] + "." + parts[1]);
    wrong.add(good.substring(0, good.length() - 4));
    wrong.add(body + Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[64]));
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key.publicKey().getEncoded(), "HmacSHA256"));
    String input = part(Map.of("alg", "HS256", "kid", key.kid(), "typ", "JWT")) + "." + parts[1];
    wrong.add(
        input
            + "."
            + Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(mac.doFinal(input.getBytes(StandardCharsets.US_ASCII))));

    refused(wrong);
  }

  private static String part(Map<String, ?> members) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(Service.json(members).getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void refusesKeysFromTheHeaderAndKidsThatAreNotOurs() {
    issue();
    SigningKey mine = SigningKey.generate(SigningAlgorithm.EDDSA);
    Map<String, Object> jwk = JsonPath.from(mine.verificationKey().toJwk()).getMap("");
    List<String> wrong = new ArrayList<>();
    wrong.add(jwt(mine, with(header(mine), "jwk", jwk), claims));
    wrong.add(jwt(mine, with(header(key), "jwk", jwk), claims));
    wrong.add(jwt(key, with(header(key), "jku", "https://evil.example/jwks"), claims));
    wrong.add(jwt(key, with(header(key), "x5u", "https://evil.example/x5u"), claims));
    wrong.add(jwt(key, with(header(key), "crit", List.of("exp")), claims));
    wrong.add(jwt(mine, header(mine), claims));
    for (String kid :
        List.of("../../etc/passwd", "' or 1=1 --", "/dev/null", "unknown", "", "a\u0000b")) {
      wrong.add(jwt(key, with(header(key), "kid", kid), claims));
    }
    wrong.add(jwt(key, with(header(key), "kid", null), claims));
    wrong.add(jwt(key, with(header(key), "typ", "dpop+jwt"), claims));
    wrong.add(jwt(key, with(header(key), "typ", "svc+jwt"), claims));

    refused(wrong);
  }

  @Test
  void refusesClaimsThatAreNotForUsNowOrOfTheirType() {
    issue();
    long now = Instant.now().getEpochSecond();
    List<String> wrong = new ArrayList<>();
    for (Object[] change :
        new Object[][] {
          {"exp", now - 31},
          {"nbf", now + 60},
          {"iat", now + 60},
          {"iss", "https://evil.example"},
          {"token_type", "refresh"},
          {"token_type", null},
          {"exp", "never"},
          {"exp", null},
          {"aud", "relayauth"},
          {"sub", null},
          {"sub", 1},
          {"org", null},
          {"sponsorChain", List.of()},
          {"scopes", "relayauth:token:read"},
          {"rev", -1},
          {"cnf", Map.of("x5t#S256", "x")},
          {"may_act", Map.of("iss", "x")},
          {"jti", List.of("x")},
        }) {
      wrong.add(jwt(key, header(key), with(claims, change)));
    }
    wrong.add(jwt(key, header(key), with(claims, "deep", deep(40))));
    wrong.add(jwt(key, header(key), with(claims, "huge", "x".repeat(20_000))));
    wrong.add(service.pair(service.world.agent(service.org, "a:b:c")).getString("refreshToken"));

    refused(wrong);
    assertThat(status(jwt(key, header(key), with(claims, "aud", List.of("stripe")))))
        .isEqualTo(401);
  }

  private static Object deep(int depth) {
    Object value = "x";
    for (int i = 0; i < depth; i++) {
      value = new HashMap<>(Map.of("x", value));
    }
    return value;
  }

  @Test
  void refusesAMemberThatComesTwice() {
    issue();
    String doubled = Service.json(claims).replaceFirst("\\{", "{\"sub\":\"agent_evil\",");
    String input =
        part(header(key))
            + "."
            + Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(doubled.getBytes(StandardCharsets.UTF_8));
    byte[] made =
        dev.relayauth.common.token.CryptoProvider.preferred()
            .sign(key, input.getBytes(StandardCharsets.US_ASCII));

    refused(List.of(input + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(made)));
  }
}
