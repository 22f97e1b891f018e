package dev.relayauth.token.adapter.postgres;

import dev.relayauth.common.audit.AuditRecords;
import dev.relayauth.common.credential.RevocationProjection;
import dev.relayauth.common.internal.ServiceUnavailableException;
import dev.relayauth.common.revocation.Initiator;
import dev.relayauth.common.revocation.RevocationKind;
import dev.relayauth.common.token.SigningAlgorithm;
import dev.relayauth.token.adapter.internal.RevocationOrders;
import dev.relayauth.token.config.KeyConfig;
import dev.relayauth.token.domain.keys.KeyRing;
import dev.relayauth.token.domain.keys.KeyStore;
import dev.relayauth.token.domain.keys.StoredKey;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * Replaces keys that have signed for long enough, has a standby made where there is none, removes
 * keys that were revoked, and has removed ones revoked, again and again until that is confirmed.
 */
@Singleton
public final class KeyUpkeep {
  /** The organisation that records about the deployment belong to. */
  public static final String PLATFORM_ORG = "platform";

  private static final Logger LOG = Logger.getLogger(KeyUpkeep.class);
  private static final int EVERY_SECONDS = 1;

  private final KeyStore store;
  private final KeyRing ring;
  private final KeyConfig config;
  private final RevocationOrders orders;
  private final RevocationProjection revocations;
  private final AuditRecords records;
  private final InstantSource clock;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("key-upkeep").factory());

  /** Of its own, as a key may take seconds, and a revocation waits for none. */
  private final ScheduledExecutorService maker =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("key-maker").factory());

  KeyUpkeep(
      KeyStore store,
      KeyRing ring,
      KeyConfig config,
      RevocationOrders orders,
      RevocationProjection revocations,
      AuditRecords records,
      InstantSource clock) {
    this.store = store;
    this.ring = ring;
    this.config = config;
    this.orders = orders;
    this.revocations = revocations;
    this.records = records;
    this.clock = clock;
  }

  void start(@Observes StartupEvent event) {
    timer.scheduleWithFixedDelay(this::run, EVERY_SECONDS, EVERY_SECONDS, TimeUnit.SECONDS);
    maker.scheduleWithFixedDelay(this::fill, EVERY_SECONDS, EVERY_SECONDS, TimeUnit.SECONDS);
  }

  void stop(@Observes ShutdownEvent event) {
    timer.shutdownNow();
    maker.shutdownNow();
  }

  private void run() {
    try {
      ring.keys().stream().map(StoredKey::kid).filter(this::isRevoked).forEach(this::remove);
      store.unconfirmed().forEach(this::revoke);
      due().distinct().forEach(this::rotate);
    } catch (RuntimeException e) {
      LOG.warnf("the upkeep of signing keys waits: %s", e.getMessage());
    }
  }

  private boolean isRevoked(String kid) {
    return revocations.set().find("", RevocationKind.KEY, kid).isPresent();
  }

  /** What a revoked key signs is dead on arrival: another takes its place. */
  private void remove(String kid) {
    store
        .remove(
            kid,
            gone ->
                records
                    .draft("key.removed", PLATFORM_ORG)
                    .with("kid", gone)
                    .with("reason", "revoked")
                    .build())
        .ifPresent(removed -> LOG.infof("key %s was revoked and is removed", removed.kid()));
    refill();
  }

  /** Has the standbys made that there are not, in the background. */
  public void refill() {
    maker.execute(this::fill);
  }

  private void fill() {
    try {
      lacking().forEach(store::ensure);
    } catch (RuntimeException e) {
      LOG.warnf("the standby of signing keys waits: %s", e.getMessage());
    }
  }

  /** Algorithms in use of which no key stands by, as far as memory knows. */
  private Set<SigningAlgorithm> lacking() {
    Set<SigningAlgorithm> lacking = EnumSet.noneOf(SigningAlgorithm.class);
    ring.keys().forEach(key -> lacking.add(key.key().algorithm()));
    ring.keys().stream()
        .filter(key -> key.activatedAt() == null)
        .forEach(key -> lacking.remove(key.key().algorithm()));
    return lacking;
  }

  /**
   * Has a removed key revoked; whoever may have stolen it can write any {@code rev}, so for good.
   *
   * @throws ServiceUnavailableException when that may not be committed; it is tried again
   */
  public void revoke(KeyStore.Removed removed) {
    orders.send(
        new RevocationOrders.Order(
            "",
            RevocationKind.KEY.wireName(),
            removed.kid(),
            true,
            "key_removed",
            PLATFORM_ORG,
            Initiator.admin,
            removed.eventId(),
            null,
            List.of()));
    store.confirm(removed);
  }

  /** Algorithms whose key has signed for long enough, as far as memory knows. */
  private Stream<SigningAlgorithm> due() {
    var before = clock.instant().minus(config.rotation());
    return ring.keys().stream()
        .filter(key -> key.retiredAt() == null && key.activation().isBefore(before))
        .map(StoredKey::key)
        .map(key -> key.algorithm());
  }

  private void rotate(SigningAlgorithm algorithm) {
    store
        .rotate(
            algorithm,
            config.keyActivationDelay(),
            clock.instant().minus(config.rotation()),
            kid ->
                records
                    .draft("key.rotated", PLATFORM_ORG)
                    .with("kid", kid)
                    .with("algorithm", algorithm.jwsName())
                    .with("reason", "scheduled")
                    .build())
        .ifPresent(key -> LOG.infof("key %s replaces those of %s", key.kid(), algorithm));
  }
}
