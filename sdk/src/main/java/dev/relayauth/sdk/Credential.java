package dev.relayauth.sdk;

import java.net.URI;
import java.net.http.HttpRequest;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How requests are authorised: a key or token, had anew for each attempt, and the key that a token
 * is bound to, if it is.
 */
record Credential(Supplier<Secret> secret, @Nullable DpopKey key) {

  static Credential of(Supplier<Secret> secret) {
    return new Credential(secret, null);
  }

  /** Adds what {@code method} at the request's address needs. */
  void authorize(HttpRequest.Builder request, String method, URI address) {
    Secret now = secret.get();
    if (key == null) {
      request.header("Authorization", "Bearer " + now.value());
    } else {
      request.header("Authorization", DpopKey.HEADER + " " + now.value());
      request.header(DpopKey.HEADER, key.proof(method, address, now));
    }
  }

  @Override
  public String toString() {
    return "Credential[redacted]";
  }
}
