package dev.relayauth.common.credential;

import dev.relayauth.common.internal.InternalClient;
import dev.relayauth.common.internal.ServiceUnavailableException;
import dev.relayauth.common.token.KeySet;
import dev.relayauth.common.token.PublicKeys;
import dev.relayauth.common.token.VerificationKey;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/**
 * The public keys of the token service, fetched at start, every five seconds, and on an unknown
 * {@code kid} at most once a second.
 */
@Singleton
public final class PublishedKeys implements PublicKeys {
  private static final Logger LOG = Logger.getLogger(PublishedKeys.class);
  private static final long EVERY_SECONDS = 5;
  private static final long MIN_NANOS = Duration.ofSeconds(1).toNanos();

  private final InternalClient client;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("jwks").factory());
  private final AtomicLong askedAt = new AtomicLong(System.nanoTime() - MIN_NANOS);
  private volatile KeySet keys = KeySet.empty();

  PublishedKeys(InternalClient client) {
    this.client = client;
  }

  void start(@Observes StartupEvent event) {
    timer.scheduleWithFixedDelay(this::poll, 0, EVERY_SECONDS, TimeUnit.SECONDS);
    // Until the token service has answered once there is nothing to serve with.
    timer.scheduleWithFixedDelay(
        () -> {
          if (!isReady()) {
            poll();
          }
        },
        200,
        200,
        TimeUnit.MILLISECONDS);
  }

  void stop(@Observes ShutdownEvent event) {
    timer.shutdownNow();
  }

  @Override
  public Optional<VerificationKey> find(String kid) {
    return keys.find(kid);
  }

  /** Whether the token service has answered once. */
  public boolean isReady() {
    return !keys.keys().isEmpty();
  }

  /** Asks for keys that may have appeared since; rate limited. */
  public CompletableFuture<Void> refresh() {
    long now = System.nanoTime();
    long last = askedAt.get();
    if (now - last < MIN_NANOS || !askedAt.compareAndSet(last, now)) {
      return CompletableFuture.completedFuture(null);
    }
    return fetch();
  }

  private void poll() {
    fetch()
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
                LOG.debugf("the keys could not be fetched: %s", failure.getMessage());
              }
            });
  }

  private CompletableFuture<Void> fetch() {
    return client
        .get("token", "/.well-known/jwks.json")
        .thenAccept(
            reply -> {
              if (!reply.isSuccess()) {
                throw new ServiceUnavailableException("token answered " + reply.status());
              }
              KeySet published = KeySet.parse(new String(reply.body(), StandardCharsets.UTF_8));
              // The same objects as long as they are the same keys: that is compared at each use.
              if (!published.equals(keys)) {
                keys = published;
              }
            });
  }
}
