package dev.relayauth.common.outbound;

import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** Resolves names, within a bounded time. */
@Singleton
public final class Resolver {
  private static final int TIMEOUT_SECONDS = 3;

  Resolver() {}

  /** The addresses of a name; none when it doesn't resolve in time. For virtual threads. */
  public List<InetAddress> resolve(String host) {
    CompletableFuture<List<InetAddress>> found = new CompletableFuture<>();
    Thread.ofVirtual().name("resolve").start(() -> found.complete(lookUp(host)));
    try {
      return found.completeOnTimeout(List.of(), TIMEOUT_SECONDS, TimeUnit.SECONDS).join();
    } catch (CompletionException e) {
      return List.of();
    }
  }

  private static List<InetAddress> lookUp(String host) {
    try {
      return List.of(InetAddress.getAllByName(host));
    } catch (UnknownHostException | IllegalArgumentException e) {
      return List.of();
    }
  }
}
