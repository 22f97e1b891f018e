package dev.relayauth.sdk.guard;

import com.fasterxml.jackson.core.io.JsonStringEncoder;

/** Refusals as RFC 9457 writes them. */
final class Problems {
  private Problems() {}

  static String of(Guard.Refused refused) {
    return "{\"type\":\"about:blank\",\"status\":%d,\"code\":\"%s\",\"title\":\"%s\",\"detail\":\"%s\"}"
        .formatted(
            refused.status(),
            quoted(refused.code()),
            refused.status() == 503 ? "Unavailable" : "Refused",
            quoted(refused.detail()));
  }

  private static String quoted(String text) {
    return new String(JsonStringEncoder.getInstance().quoteAsString(text));
  }
}
