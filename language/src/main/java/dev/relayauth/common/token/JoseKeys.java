package dev.relayauth.common.token;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.OctetKeyPairJsonWebKey;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwk.Use;
import org.jose4j.lang.JoseException;

/** Between our key types and jose4j's. */
final class JoseKeys {
  private static final int RSA_BITS = 3072;

  private JoseKeys() {}

  static KeyPair newPair(SigningAlgorithm algorithm) {
    try {
      KeyPairGenerator generator =
          KeyPairGenerator.getInstance(
              switch (algorithm) {
                case EDDSA -> "Ed25519";
                case ES256 -> "EC";
                case RS256 -> "RSA";
              });
      if (algorithm == SigningAlgorithm.ES256) {
        generator.initialize(new ECGenParameterSpec("secp256r1"));
      } else if (algorithm == SigningAlgorithm.RS256) {
        generator.initialize(RSA_BITS);
      }
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK cannot make a key for " + algorithm.jwsName(), e);
    }
  }

  static String thumbprint(PublicKey key) {
    return jwk(key).calculateBase64urlEncodedThumbprint("SHA-256");
  }

  private static PublicJsonWebKey jwk(PublicKey key) {
    try {
      return PublicJsonWebKey.Factory.newPublicJwk(key);
    } catch (JoseException e) {
      throw new IllegalArgumentException("not a key a JWK can hold", e);
    }
  }

  static PublicJsonWebKey publicJwk(VerificationKey key) {
    return named(jwk(key.key()), key.kid(), key.algorithm());
  }

  static String privateJwk(SigningKey key) {
    PublicJsonWebKey jwk = named(jwk(key.publicKey()), key.kid(), key.algorithm());
    jwk.setPrivateKey(key.privateKey());
    return jwk.toJson(OutputControlLevel.INCLUDE_PRIVATE);
  }

  private static PublicJsonWebKey named(
      PublicJsonWebKey jwk, String kid, SigningAlgorithm algorithm) {
    jwk.setKeyId(kid);
    jwk.setUse(Use.SIGNATURE);
    jwk.setAlgorithm(algorithm.jwsName());
    return jwk;
  }

  static SigningKey parsePrivate(String json) {
    PublicJsonWebKey jwk = parse(json);
    VerificationKey key =
        usable(jwk).orElseThrow(() -> new InvalidJwkException("not a signing key we can use"));
    PrivateKey privateKey = jwk.getPrivateKey();
    if (privateKey == null) {
      throw new InvalidJwkException("the key has no private half");
    }
    return new SigningKey(key.kid(), key.algorithm(), privateKey, key.key());
  }

  private static PublicJsonWebKey parse(String json) {
    try {
      return PublicJsonWebKey.Factory.newPublicJwk(json);
    } catch (JoseException | RuntimeException e) {
      throw new InvalidJwkException("not a JWK");
    }
  }

  /** The public key that these members spell; empty when they spell none, or not exactly. */
  static Optional<PublicJsonWebKey> read(Map<String, Object> members) {
    try {
      return JsonWebKey.Factory.newJwk(members) instanceof PublicJsonWebKey pair
              && isExact(pair, members)
          ? Optional.of(pair)
          : Optional.empty();
    } catch (JoseException | RuntimeException e) {
      return Optional.empty();
    }
  }

  /** RFC 8032 §5.1.5: a point is 32 bytes. Fewer would be filled up, more cut off. */
  private static boolean isExact(PublicJsonWebKey pair, Map<String, Object> members) {
    return !(pair instanceof OctetKeyPairJsonWebKey)
        || Objects.equals(
            members.get(OctetKeyPairJsonWebKey.PUBLIC_KEY_MEMBER_NAME),
            pair.toParams(OutputControlLevel.PUBLIC_ONLY)
                .get(OctetKeyPairJsonWebKey.PUBLIC_KEY_MEMBER_NAME));
  }

  /** The key in our terms, or empty when it is of no use to us (RFC 7517 §5: ignore it). */
  static Optional<VerificationKey> usable(PublicJsonWebKey jwk) {
    if (jwk.getUse() != null && !jwk.getUse().equals(Use.SIGNATURE)) {
      return Optional.empty();
    }
    PublicKey key = jwk.getPublicKey();
    return SigningAlgorithm.ofKey(key)
        .filter(found -> jwk.getAlgorithm() == null || jwk.getAlgorithm().equals(found.jwsName()))
        .map(found -> new VerificationKey(kid(jwk, key), found, key));
  }

  private static String kid(JsonWebKey jwk, PublicKey key) {
    String kid = jwk.getKeyId();
    return kid == null || kid.isEmpty() ? thumbprint(key) : kid;
  }
}
