package dev.relayauth.token.adapter.postgres;

import dev.relayauth.common.token.SigningAlgorithm;
import dev.relayauth.common.token.TokenSigner;
import dev.relayauth.token.domain.keys.KeyRing;
import dev.relayauth.token.domain.keys.KeyStore;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** Keeps the key ring as the database has it, and has a key made when one is first needed. */
@Singleton
public final class KeyRefresh {
  private static final Logger LOG = Logger.getLogger(KeyRefresh.class);
  private static final int EVERY_MILLIS = 1_000;

  private final KeyStore store;
  private final KeyRing ring;
  private final Map<SigningAlgorithm, CompletableFuture<Void>> making = new ConcurrentHashMap<>();
  private final Executor virtual = task -> Thread.ofVirtual().name("signing-key").start(task);
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("signing-keys").factory());

  KeyRefresh(KeyStore store, KeyRing ring) {
    this.store = store;
    this.ring = ring;
  }

  /** Before anything else: without a key there is nothing to issue or verify with. */
  void start(@Observes @Priority(1) StartupEvent event) {
    store.ensure(SigningAlgorithm.EDDSA);
    reload();
    timer.scheduleWithFixedDelay(this::poll, EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
  }

  void stop(@Observes ShutdownEvent event) {
    timer.shutdownNow();
  }

  /** Reads the keys anew. Blocking. */
  public synchronized void reload() {
    ring.hold(store.load());
  }

  /** The signer of an algorithm; its first key is made when there is none. */
  public CompletableFuture<TokenSigner> signer(SigningAlgorithm algorithm) {
    Optional<TokenSigner> known = ring.signer(algorithm);
    if (known.isPresent()) {
      return CompletableFuture.completedFuture(known.get());
    }
    return making
        .computeIfAbsent(algorithm, this::make)
        .thenApply(
            made ->
                ring.signer(algorithm)
                    .orElseThrow(() -> new IllegalStateException("no key signs " + algorithm)));
  }

  private CompletableFuture<Void> make(SigningAlgorithm algorithm) {
    CompletableFuture<Void> made =
        CompletableFuture.runAsync(
            () -> {
              store.ensure(algorithm);
              reload();
            },
            virtual);
    // Once done it is found in the ring; a failure must not be remembered.
    made.whenCompleteAsync((done, failure) -> making.remove(algorithm), virtual);
    return made;
  }

  private void poll() {
    try {
      reload();
    } catch (RuntimeException e) {
      LOG.warnf("the signing keys could not be read: %s", e.getMessage());
    }
  }
}
