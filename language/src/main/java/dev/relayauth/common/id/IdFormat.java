package dev.relayauth.common.id;

import java.util.regex.Pattern;

/** The form of an identifier that a client may choose or send. */
public final class IdFormat {
  private static final Pattern CHOSEN = Pattern.compile("[a-z]{2,10}_[A-Za-z0-9_-]{1,64}");

  private IdFormat() {}

  /** Whether {@code id} has the prefix and 1 to 64 URL-safe characters after it. */
  public static boolean isValid(IdPrefix prefix, String id) {
    return id.startsWith(prefix.text()) && CHOSEN.matcher(id).matches();
  }
}
