package dev.relayauth.audit.domain.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The secret of a webhook (Standard Webhooks): {@code whsec_} and 24 to 64 bytes in base64. Any
 * other text that a client chose is the key as it stands, in UTF-8.
 */
public final class WebhookSecret {
  private static final String PREFIX = "whsec_";
  private static final int BYTES = 32;
  private static final int MIN = 24;
  private static final int MAX = 64;

  private final String text;

  private WebhookSecret(String text) {
    this.text = text;
  }

  /** Of a client's text, which is not empty. */
  public static WebhookSecret of(String text) {
    return new WebhookSecret(text);
  }

  /** A new one. */
  public static WebhookSecret generate(SecureRandom random) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return new WebhookSecret(PREFIX + Base64.getEncoder().encodeToString(bytes));
  }

  /** For who is to know it. */
  public String reveal() {
    return text;
  }

  /** The {@code webhook-signature} of a message. */
  public String sign(String id, long timestamp, String body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key(), "HmacSHA256"));
      byte[] signature = mac.doFinal((id + "." + timestamp + "." + body).getBytes(UTF_8));
      return "v1," + Base64.getEncoder().encodeToString(signature);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private byte[] key() {
    if (text.startsWith(PREFIX)) {
      try {
        byte[] bytes = Base64.getDecoder().decode(text.substring(PREFIX.length()));
        if (bytes.length >= MIN && bytes.length <= MAX) {
          return Arrays.copyOf(bytes, bytes.length);
        }
      } catch (IllegalArgumentException e) {
        // Not base64: then it is text that happens to begin so.
      }
    }
    return text.getBytes(UTF_8);
  }

  @Override
  public String toString() {
    return "WebhookSecret[redacted]";
  }
}
