import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.EdECPrivateKey;
import java.util.Arrays;
import java.util.Base64;

/** Keys for a training run alone: {@code private.jwk} and {@code trusted.jwks} in a folder. */
public final class TrainingKeys {
  public static void main(String[] arguments) throws Exception {
    KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    byte[] encoded = pair.getPublic().getEncoded();
    String x = base64(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length));
    String d = base64(((EdECPrivateKey) pair.getPrivate()).getBytes().orElseThrow());
    String service = System.getenv().getOrDefault("SERVICE", "training");
    String members =
        "\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"use\":\"sig\",\"alg\":\"EdDSA\",\"kid\":\"%s\",\"x\":\"%s\""
            .formatted(service, x);
    Path folder = Path.of(arguments[0]);
    Files.writeString(folder.resolve("private.jwk"), "{" + members + ",\"d\":\"" + d + "\"}");
    Files.writeString(folder.resolve("trusted.jwks"), "{\"keys\":[{" + members + "}]}");
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
