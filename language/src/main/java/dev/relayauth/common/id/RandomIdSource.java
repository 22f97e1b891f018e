package dev.relayauth.common.id;

import java.security.SecureRandom;
import java.util.Base64;

/** Identifiers of 128 random bits, as 22 base64url characters. */
public final class RandomIdSource implements IdSource {
  private static final int BYTES = 16;

  private final SecureRandom random = new SecureRandom();

  @Override
  public String next(IdPrefix prefix) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return prefix.text() + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
