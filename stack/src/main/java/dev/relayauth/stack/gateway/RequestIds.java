package dev.relayauth.stack.gateway;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Request ids: the client's if it sent a sound one, else a new one. */
final class RequestIds {
  static final String HEADER = "X-Request-ID";

  private static final Pattern SOUND = Pattern.compile("[A-Za-z0-9._:-]{1,128}");
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

  private final SecureRandom random = new SecureRandom();

  String orNew(@Nullable String sent) {
    if (sent != null && SOUND.matcher(sent).matches()) {
      return sent;
    }
    byte[] bytes = new byte[16];
    random.nextBytes(bytes);
    return "req_" + ENCODER.encodeToString(bytes);
  }
}
