package dev.relayauth.stack.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.relayauth.stack.ServiceName;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Base64;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceKeysTest {
  @TempDir Path folder;

  /** Repeated, since both values of the sign bit must occur. */
  @RepeatedTest(8)
  void whatThePrivateKeySignsThePublicKeyVerifies() throws Exception {
    ServiceKeys keys = new ServiceKeys(folder);
    keys.createMissing();
    JsonObject key = new JsonObject(Files.readString(keys.privateKey(ServiceName.TOKEN)));
    byte[] message = "message".getBytes(StandardCharsets.UTF_8);

    Signature signer = Signature.getInstance("Ed25519");
    signer.initSign(privateKey(key));
    signer.update(message);
    byte[] signature = signer.sign();

    Signature verifier = Signature.getInstance("Ed25519");
    verifier.initVerify(publicKey(key));
    verifier.update(message);
    assertThat(verifier.verify(signature)).isTrue();
  }

  @Test
  void trustsEveryServiceAndRevealsNoPrivateKey() throws Exception {
    ServiceKeys keys = new ServiceKeys(folder);
    keys.createMissing();
    String trusted = Files.readString(keys.trusted());
    String policy = Files.readString(keys.privateKey(ServiceName.POLICY));

    keys.createMissing();

    assertThat(Files.readString(keys.trusted())).isEqualTo(trusted);
    assertThat(Files.readString(keys.privateKey(ServiceName.POLICY))).isEqualTo(policy);
    assertThat(new JsonObject(trusted).getJsonArray("keys")).hasSize(5);
    assertThat(trusted).contains("\"kid\":\"revocation\"").doesNotContain("\"d\"");
  }

  private static PrivateKey privateKey(JsonObject key) throws Exception {
    return KeyFactory.getInstance("Ed25519")
        .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, bytes(key, "d")));
  }

  private static PublicKey publicKey(JsonObject key) throws Exception {
    byte[] littleEndian = bytes(key, "x");
    byte[] bigEndian = new byte[littleEndian.length];
    for (int i = 0; i < littleEndian.length; i++) {
      bigEndian[i] = littleEndian[littleEndian.length - 1 - i];
    }
    boolean odd = (bigEndian[0] & 0x80) != 0;
    bigEndian[0] &= 0x7f;
    EdECPoint point = new EdECPoint(odd, new BigInteger(1, bigEndian));
    return KeyFactory.getInstance("Ed25519")
        .generatePublic(new EdECPublicKeySpec(NamedParameterSpec.ED25519, point));
  }

  private static byte[] bytes(JsonObject key, String member) {
    return Base64.getUrlDecoder().decode(key.getString(member));
  }
}
