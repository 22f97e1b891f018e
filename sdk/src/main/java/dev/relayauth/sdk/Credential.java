package dev.relayauth.sdk;

import java.net.URI;
import java.net.http.HttpRequest;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How requests are authorised: a key or token, had anew for each attempt, and the key that a token
 * is bound to, if it is. Having it may take a request of its own, for which nobody is blocked.
 */
record Credential(Supplier<CompletableFuture<Secret>> secret, @Nullable DpopKey key) {

  static Credential of(Supplier<Secret> secret) {
    return new Credential(() -> CompletableFuture.completedFuture(secret.get()), null);
  }

  /** What to present now. */
  CompletableFuture<Secret> now() {
    return secret.get();
  }

  /** Adds what {@code method} at the request's address needs to present {@code now}. */
  void authorize(HttpRequest.Builder request, String method, URI address, Secret now) {
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
