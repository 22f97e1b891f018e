package dev.relayauth.stack.whole;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.EllipticCurveJsonWebKey;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;

/** A CI outside of RelayAuth, which vouches for its jobs with OIDC tokens of its own. */
final class OutsideCi {
  /** A resource that RelayAuth issues tokens for. */
  static final String SHOP = "https://shop.example";

  static final String REPOSITORY = "acme/shop";

  private static final String ISSUER = "https://ci.example";
  private static OutsideCi shared;

  private final EllipticCurveJsonWebKey key;
  private final Path configuration;

  private OutsideCi(EllipticCurveJsonWebKey key, Path configuration) {
    this.key = key;
    this.configuration = configuration;
  }

  /** The one that the shared stack trusts. */
  static synchronized OutsideCi shared() {
    if (shared == null) {
      shared = start();
    }
    return shared;
  }

  private static OutsideCi start() {
    try {
      EllipticCurveJsonWebKey key = newKey();
      Path folder = Files.createTempDirectory("outside-ci");
      Path keys = folder.resolve("jwks.json");
      Files.writeString(keys, new JsonWebKeySet(key).toJson(OutputControlLevel.PUBLIC_ONLY));
      Path configuration = folder.resolve("outside.properties");
      Files.writeString(configuration, settings(keys));
      return new OutsideCi(key, configuration);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static EllipticCurveJsonWebKey newKey() {
    try {
      EllipticCurveJsonWebKey key = EcJwkGenerator.generateJwk(EllipticCurves.P256);
      key.setKeyId("ci-1");
      key.setAlgorithm(AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256);
      return key;
    } catch (JoseException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String settings(Path keys) {
    return """
    relayauth.token.resources=%s/mcp
    relayauth.token.trusted-issuers.ci.issuer=%s
    relayauth.token.trusted-issuers.ci.audience=relayauth
    relayauth.token.trusted-issuers.ci.org=org_acme
    relayauth.token.trusted-issuers.ci.jwks-file=%s
    relayauth.token.trusted-issuers.ci.mappings.shop.claims.repository=%s
    relayauth.token.trusted-issuers.ci.mappings.shop.identity-claim=agent
    """
        .formatted(SHOP, ISSUER, keys, REPOSITORY);
  }

  /** What makes a stack trust it. */
  Map<String, String> environment() {
    return Map.of("QUARKUS_CONFIG_LOCATIONS", configuration.toString());
  }

  /** What it says of a job of that repository, which acts as that agent. */
  String assertion(String repository, String agent) {
    return sign(key, repository, agent);
  }

  /** The same by another key under the same name. */
  String forged(String agent) {
    EllipticCurveJsonWebKey other = newKey();
    return sign(other, REPOSITORY, agent);
  }

  private static String sign(EllipticCurveJsonWebKey by, String repository, String agent) {
    JwtClaims claims = new JwtClaims();
    claims.setIssuer(ISSUER);
    claims.setAudience(List.of("relayauth"));
    claims.setSubject("repo:" + repository + ":ref:refs/heads/main");
    claims.setStringClaim("repository", repository);
    claims.setStringClaim("agent", agent);
    claims.setGeneratedJwtId();
    claims.setIssuedAtToNow();
    claims.setExpirationTimeMinutesInTheFuture(5);
    JsonWebSignature assertion = new JsonWebSignature();
    assertion.setPayload(claims.toJson());
    assertion.setKey(by.getPrivateKey());
    assertion.setKeyIdHeaderValue(by.getKeyId());
    assertion.setAlgorithmHeaderValue(by.getAlgorithm());
    try {
      return assertion.getCompactSerialization();
    } catch (JoseException e) {
      throw new IllegalStateException(e);
    }
  }
}
