package dev.relayauth.token.adapter;

import static io.restassured.RestAssured.given;

import dev.relayauth.common.event.ApiKeyState;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.token.SigningAlgorithm;
import dev.relayauth.common.token.SigningKey;
import dev.relayauth.testing.World;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Requests to the OAuth endpoints. */
final class OAuth {
  static final String EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
  static final String JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";
  static final String ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";

  private OAuth() {}

  /** A key that names an identity: its client secret. */
  static Keys.Made secret(IdentityState agent, String... scopes) {
    return Keys.make(agent.orgId(), ApiKeyState.Kind.api_key, agent.id(), null, List.of(scopes));
  }

  static RequestSpecification form(String... parameters) {
    return with(given().contentType("application/x-www-form-urlencoded"), parameters);
  }

  private static RequestSpecification with(RequestSpecification request, String... parameters) {
    for (int i = 0; i < parameters.length; i += 2) {
      request.formParam(parameters[i], parameters[i + 1]);
    }
    return request;
  }

  static ValidatableResponse token(String... parameters) {
    return form(parameters).post("/oauth/token").then();
  }

  static ValidatableResponse clientCredentials(IdentityState agent, String secret, String scope) {
    return token(
        "grant_type",
        "client_credentials",
        "client_id",
        agent.id(),
        "client_secret",
        secret,
        "scope",
        scope);
  }

  static ValidatableResponse exchange(String subject, String actor, String scope) {
    return exchangeForm(subject, actor, "scope", scope).post("/oauth/token").then();
  }

  /** The exchange of a subject's access token by an actor with one of its own. */
  static RequestSpecification exchangeForm(String subject, String actor, String... more) {
    RequestSpecification plain =
        form(
            "grant_type",
            EXCHANGE,
            "subject_token",
            subject,
            "subject_token_type",
            ACCESS_TOKEN,
            "actor_token",
            actor,
            "actor_token_type",
            ACCESS_TOKEN);
    return with(plain, more);
  }

  static Map<String, Object> header(String token) {
    return JsonPath.from(
            new String(
                Base64.getUrlDecoder().decode(token.split("\\.")[0]), StandardCharsets.UTF_8))
        .getMap("");
  }

  /** A key that proves possession. */
  static SigningKey possession() {
    return SigningKey.generate(SigningAlgorithm.ES256);
  }

  /** A fresh proof for a request to {@code path}. */
  static String proof(SigningKey key, String method, String path) {
    return proof(key, method, path, null);
  }

  static String proof(SigningKey key, String method, String path, String token) {
    Map<String, Object> claims = new HashMap<>();
    claims.put("jti", UUID.randomUUID().toString());
    claims.put("htm", method);
    claims.put("htu", World.ISSUER + path);
    claims.put("iat", Instant.now().getEpochSecond());
    if (token != null) {
      claims.put("ath", hash(token));
    }
    Map<String, Object> header =
        Map.of(
            "typ",
            "dpop+jwt",
            "alg",
            key.algorithm().jwsName(),
            "jwk",
            JsonPath.from(key.verificationKey().toJwk()).getMap(""));
    return OutsideIssuer.jwt(key, header, claims);
  }

  private static String hash(String token) {
    try {
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(
              MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
