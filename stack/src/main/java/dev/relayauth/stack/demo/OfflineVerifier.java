package dev.relayauth.stack.demo;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.json.JsonObject;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;

/**
 * Verifies an Ed25519 token with the JDK alone, as somebody would who has only the JWKS (RFC 8037):
 * it shares no code with the services.
 */
final class OfflineVerifier {
  private static final byte[] ED25519_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

  private final JsonObject jwks;

  OfflineVerifier(JsonObject jwks) {
    this.jwks = jwks;
  }

  /** The claims of the token, whose signature must verify. */
  JsonObject verify(String token) {
    String[] parts = token.split("\\.", -1);
    JsonObject header = decode(parts[0]);
    if (!"EdDSA".equals(header.getString("alg"))) {
      throw new IllegalStateException("not signed with EdDSA: " + header);
    }
    try {
      Signature signature = Signature.getInstance("Ed25519");
      signature.initVerify(key(header.getString("kid")));
      signature.update((parts[0] + "." + parts[1]).getBytes(US_ASCII));
      if (!signature.verify(Base64.getUrlDecoder().decode(parts[2]))) {
        throw new IllegalStateException("the signature doesn't verify");
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
    return decode(parts[1]);
  }

  private PublicKey key(String kid) throws GeneralSecurityException {
    for (int i = 0; i < jwks.getJsonArray("keys").size(); i++) {
      JsonObject jwk = jwks.getJsonArray("keys").getJsonObject(i);
      if (kid.equals(jwk.getString("kid"))) {
        byte[] x = Base64.getUrlDecoder().decode(jwk.getString("x"));
        byte[] encoded = new byte[ED25519_PREFIX.length + x.length];
        System.arraycopy(ED25519_PREFIX, 0, encoded, 0, ED25519_PREFIX.length);
        System.arraycopy(x, 0, encoded, ED25519_PREFIX.length, x.length);
        return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
      }
    }
    throw new IllegalStateException("the JWKS has no key " + kid);
  }

  private static JsonObject decode(String part) {
    return new JsonObject(new String(Base64.getUrlDecoder().decode(part), UTF_8));
  }
}
