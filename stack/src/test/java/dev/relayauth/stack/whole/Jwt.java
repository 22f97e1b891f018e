package dev.relayauth.stack.whole;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** What anyone can read in a token. */
final class Jwt {
  private Jwt() {}

  static JsonObject claims(String token) {
    byte[] payload = Base64.getUrlDecoder().decode(token.split("\\.")[1]);
    return new JsonObject(new String(payload, StandardCharsets.UTF_8));
  }
}
