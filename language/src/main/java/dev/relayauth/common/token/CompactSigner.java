package dev.relayauth.common.token;

import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import org.jose4j.json.JsonUtil;

/** Makes compact serialisations with one key; headers are encoded once. */
final class CompactSigner {
  private final SigningKey key;
  private final Signer signer;
  private final Map<JwtType, String> headers = new EnumMap<>(JwtType.class);

  CompactSigner(SigningKey key, CryptoProvider crypto) {
    this.key = key;
    this.signer = crypto.signer(key);
    for (JwtType type : JwtType.values()) {
      headers.put(type, header(type, key) + ".");
    }
  }

  private static String header(JwtType type, SigningKey key) {
    String json =
        JsonUtil.toJson(
            Map.of("alg", key.algorithm().jwsName(), "typ", type.headerValue(), "kid", key.kid()));
    return CompactJws.encode(json.getBytes(StandardCharsets.UTF_8));
  }

  String sign(JwtType type, String payload) {
    String input = headers.get(type) + CompactJws.encode(payload.getBytes(StandardCharsets.UTF_8));
    byte[] signature = signer.sign(input.getBytes(StandardCharsets.US_ASCII));
    return input + "." + CompactJws.encode(signature);
  }

  @Override
  public String toString() {
    return "CompactSigner[" + key + "]";
  }
}
