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
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import org.jboss.logging.Logger;

/** Keeps the key ring as the database has it, and has a key made when one is first needed. */
@Singleton
public final class KeyRefresh {
  private static final Logger LOG = Logger.getLogger(KeyRefresh.class);
  private static final Duration RETRY = Duration.ofMillis(300);

  private final KeyStore store;
  private final KeyRing ring;
  private final KeyNotices notices;
  private final Map<SigningAlgorithm, CompletableFuture<Void>> making = new ConcurrentHashMap<>();
  private final Executor virtual = task -> Thread.ofVirtual().name("signing-key").start(task);
  private final Thread follower =
      Thread.ofPlatform().daemon().name("signing-keys").unstarted(this::follow);
  private volatile boolean running = true;

  KeyRefresh(KeyStore store, KeyRing ring, KeyNotices notices) {
    this.store = store;
    this.ring = ring;
    this.notices = notices;
  }

  /** Before anything else: without a key there is nothing to issue or verify with. */
  void start(@Observes @Priority(1) StartupEvent event) {
    int rewrapped = store.rewrap();
    if (rewrapped > 0) {
      LOG.infof("%d signing keys are under the current key-encryption key now", rewrapped);
    }
    store.ensure(SigningAlgorithm.EDDSA);
    reload();
    follower.start();
  }

  void stop(@Observes ShutdownEvent event) {
    running = false;
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

  private void follow() {
    while (running) {
      try {
        notices.follow(this::reload, () -> running);
      } catch (SQLException | RuntimeException e) {
        LOG.warnf("the signing keys could not be read: %s", e.getMessage());
        LockSupport.parkNanos(RETRY.toNanos());
      }
    }
  }
}
