package dev.relayauth.stack.launcher;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.zip.CRC32;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The deployment's secrets, made once and kept with the state. */
record Secrets(String platformKey, String revisionKey, String keyEncryptionKey, String refreshKey) {

  /** Reads the secrets of that file, making them first if there is none. */
  static Secrets loadOrCreate(Path file) throws IOException {
    if (!Files.exists(file)) {
      Secrets created = create();
      StateDirectory.writePrivately(file, created.toJson().encodePrettily());
    }
    JsonObject json = new JsonObject(Files.readString(file));
    return new Secrets(
        json.getString("platformKey"),
        json.getString("revisionKey"),
        json.getString("keyEncryptionKey"),
        json.getString("refreshKey"));
  }

  /** Lower-case hex SHA-256 of the platform key: all that the services know of it. */
  String platformKeyHash() {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256")
                  .digest(platformKey.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The audit service's own key-encryption key, so that neither service can read the other's. */
  String auditKeyEncryptionKey() {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(Base64.getUrlDecoder().decode(keyEncryptionKey), "HmacSHA256"));
      byte[] derived = mac.doFinal("relayauth audit".getBytes(StandardCharsets.US_ASCII));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(derived);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public String toString() {
    return "Secrets[redacted]";
  }

  /** New secrets, kept nowhere. */
  static Secrets create() {
    return create(new SecureRandom());
  }

  private static Secrets create(SecureRandom random) {
    return new Secrets(platformKey(random), bytes(random), bytes(random), bytes(random));
  }

  /** Like every key of ours: a prefix, 256 random bits, and six hex digits of their CRC-32. */
  private static String platformKey(SecureRandom random) {
    String body = "rpk_" + bytes(random);
    CRC32 crc = new CRC32();
    crc.update(body.getBytes(StandardCharsets.US_ASCII));
    return body + HexFormat.of().toHexDigits((int) crc.getValue()).substring(2);
  }

  private static String bytes(SecureRandom random) {
    byte[] bytes = new byte[32];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private JsonObject toJson() {
    return new JsonObject()
        .put("platformKey", platformKey)
        .put("revisionKey", revisionKey)
        .put("keyEncryptionKey", keyEncryptionKey)
        .put("refreshKey", refreshKey);
  }
}
