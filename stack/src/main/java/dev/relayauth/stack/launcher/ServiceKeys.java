package dev.relayauth.stack.launcher;

import dev.relayauth.stack.ServiceName;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.EdECPublicKey;
import java.util.Base64;

/** The keys with which the services prove themselves to each other, as JWKs (RFC 8037). */
record ServiceKeys(Path directory) {
  private static final int KEY_BYTES = 32;

  /** Makes the keys that are missing, and writes the set of all public ones. */
  void createMissing() throws IOException {
    JsonArray trusted = new JsonArray();
    for (ServiceName service : ServiceName.values()) {
      Path file = privateKey(service);
      if (!Files.exists(file)) {
        StateDirectory.writePrivately(file, newKey(service).encode());
      }
      JsonObject key = new JsonObject(Files.readString(file));
      key.remove("d");
      trusted.add(key);
    }
    StateDirectory.writePrivately(trusted(), new JsonObject().put("keys", trusted).encode());
  }

  Path privateKey(ServiceName service) {
    return directory.resolve(service.slug() + ".jwk.json");
  }

  Path trusted() {
    return directory.resolve("trusted.jwks.json");
  }

  private static JsonObject newKey(ServiceName service) {
    KeyPair pair = newPair();
    return new JsonObject()
        .put("kty", "OKP")
        .put("crv", "Ed25519")
        .put("use", "sig")
        .put("alg", "EdDSA")
        .put("kid", service.slug())
        .put("x", base64(encode((EdECPublicKey) pair.getPublic())))
        .put("d", base64(((EdECPrivateKey) pair.getPrivate()).getBytes().orElseThrow()));
  }

  private static KeyPair newPair() {
    try {
      return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** RFC 8032 §5.1.2: y in little-endian order, the lowest bit of x in the last bit. */
  private static byte[] encode(EdECPublicKey key) {
    BigInteger y = key.getPoint().getY();
    byte[] encoded = new byte[KEY_BYTES];
    for (int i = 0; i < KEY_BYTES; i++) {
      encoded[i] = y.shiftRight(8 * i).byteValue();
    }
    if (key.getPoint().isXOdd()) {
      encoded[KEY_BYTES - 1] |= (byte) 0x80;
    }
    return encoded;
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
