package dev.relayauth.stack.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.json.JsonObject;
import java.util.Base64;

/** What the holder of a token can read in it. */
public final class Tokens {
  private Tokens() {}

  /** The token's {@code jti}. */
  public static String id(String token) {
    String payload = token.substring(token.indexOf('.') + 1, token.lastIndexOf('.'));
    return new JsonObject(new String(Base64.getUrlDecoder().decode(payload), UTF_8))
        .getString("jti");
  }
}
