package dev.relayauth.stack.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.json.JsonObject;
import java.util.Base64;

/** What the holder of a token can read in it. */
public final class Tokens {
  private Tokens() {}

  /** The token's {@code jti}. */
  public static String id(String token) {
    return read(token.substring(token.indexOf('.') + 1, token.lastIndexOf('.'))).getString("jti");
  }

  /** The {@code kid} of the key that signed it. */
  public static String kid(String token) {
    return header(token).getString("kid");
  }

  /** The algorithm it is signed with. */
  public static String algorithm(String token) {
    return header(token).getString("alg");
  }

  private static JsonObject header(String token) {
    return read(token.substring(0, token.indexOf('.')));
  }

  private static JsonObject read(String part) {
    return new JsonObject(new String(Base64.getUrlDecoder().decode(part), UTF_8));
  }
}
