package dev.relayauth.token.adapter.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.relayauth.common.audit.AuditRecords;
import dev.relayauth.common.event.AuditRecord;
import dev.relayauth.common.id.IdSource;
import dev.relayauth.common.outbox.Transactions;
import dev.relayauth.common.secret.SecretSeal;
import dev.relayauth.common.token.CryptoProvider;
import dev.relayauth.common.token.SigningAlgorithm;
import dev.relayauth.common.token.SigningKey;
import dev.relayauth.testing.LocalServers;
import dev.relayauth.token.config.KeyConfig;
import dev.relayauth.token.domain.keys.KeyMaker;
import dev.relayauth.token.domain.keys.KeyRing;
import dev.relayauth.token.domain.keys.KeyStore;
import dev.relayauth.token.domain.keys.StoredKey;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(
    value = LocalServers.class,
    initArgs = @ResourceArg(name = "service", value = "token"))
class KeysAtRestTest {
  @Inject KeyStore store;
  @Inject KeyConfig config;
  @Inject Transactions transactions;
  @Inject SecretSeal seal;
  @Inject AuditRecords records;
  @Inject IdSource ids;
  @Inject InstantSource clock;
  @Inject CryptoProvider crypto;
  @Inject DataSource dataSource;

  private final SecureRandom random = new SecureRandom();

  private List<String> kids() {
    return store.load().stream().map(StoredKey::kid).toList();
  }

  @Test
  void keepsNoPrivateKeyInTheClear() {
    store.ensure(SigningAlgorithm.RS256);

    List<String> rows =
        transactions.read(
            tx ->
                tx.query(
                    "select public_jwk, private_jwk from signing_key where removed_at is null",
                    row ->
                        row.getString(1)
                            + new String(row.getBytes(2), StandardCharsets.ISO_8859_1)));

    assertThat(rows)
        .isNotEmpty()
        .allSatisfy(row -> assertThat(row).doesNotContain("\"d\"").containsOnlyOnce("kty"));
  }

  @Test
  void readsItsKeysUnderANewKeyEncryptionKeyOnceTheyAreRewrapped() {
    byte[] former = Base64.getUrlDecoder().decode(config.keyEncryptionKey().orElseThrow());
    byte[] next = new byte[32];
    random.nextBytes(next);
    List<String> before = kids();
    try {
      assertThat(under(next, former).rewrap()).isGreaterThanOrEqualTo(before.size());
      assertThat(under(next, former).rewrap()).isZero();

      assertThat(under(next).load().stream().map(StoredKey::kid)).containsAll(before);
    } finally {
      under(former, next).rewrap();
    }
    assertThat(kids()).containsAll(before);
  }

  private PostgresKeyStore under(byte[]... keys) {
    return new PostgresKeyStore(
        transactions,
        new SecretSeal(List.of(keys), random),
        SigningKey::generate,
        records,
        ids,
        clock);
  }

  private PostgresKeyStore making(KeyMaker maker) {
    return new PostgresKeyStore(transactions, seal, maker, records, ids, clock);
  }

  private AuditRecord recorded(String kid) {
    return records.draft("key.removed", KeyUpkeep.PLATFORM_ORG).with("kid", kid).build();
  }

  private List<StoredKey> keys(SigningAlgorithm algorithm) {
    return store.load().stream().filter(key -> key.key().algorithm() == algorithm).toList();
  }

  @Test
  void removesEveryKeyAndRotatesToAStandbyWithoutMakingOne() {
    PostgresKeyStore makesNone =
        making(
            algorithm -> {
              throw new AssertionError("a removal waits for a key");
            });
    store.ensure(SigningAlgorithm.RS256);

    makesNone.rotate(SigningAlgorithm.RS256, Duration.ZERO, Instant.MAX, this::recorded);
    for (StoredKey key : keys(SigningAlgorithm.RS256)) {
      assertThat(makesNone.remove(key.kid(), this::recorded)).isPresent();
      assertThat(kids()).doesNotContain(key.kid());
    }
  }

  @Test
  void makesAKeyWhileNobodyHoldsTheLockOfKeys() {
    List<Boolean> free = new CopyOnWriteArrayList<>();
    PostgresKeyStore watched =
        making(
            algorithm -> {
              free.add(isLockFree());
              return SigningKey.generate(algorithm);
            });

    await()
        .until(
            () -> {
              keys(SigningAlgorithm.ES256).forEach(key -> store.remove(key.kid(), this::recorded));
              watched.rotate(SigningAlgorithm.ES256, Duration.ZERO, Instant.MAX, this::recorded);
              watched.ensure(SigningAlgorithm.ES256);
              return free.size() > 1;
            });

    assertThat(free).contains(true);
    assertThat(keys(SigningAlgorithm.ES256)).anyMatch(key -> key.signsAt(clock.instant()));
  }

  private boolean isLockFree() {
    return transactions.read(
        tx ->
            tx.first(
                    "select pg_try_advisory_xact_lock(?, hashtext(current_schema()))",
                    row -> row.getBoolean(1),
                    PostgresKeyStore.KEY_LOCK)
                .orElseThrow());
  }

  @Test
  void everyReplicaSignsWithTheKeyThatOneOfThemRotatesTo() {
    List<Replica> replicas = IntStream.range(0, 3).mapToObj(i -> new Replica()).toList();
    replicas.forEach(Replica::start);
    try {
      StoredKey next =
          store
              .rotate(
                  SigningAlgorithm.EDDSA,
                  Duration.ZERO,
                  Instant.MAX,
                  kid ->
                      records.draft("key.rotated", KeyUpkeep.PLATFORM_ORG).with("kid", kid).build())
              .orElseThrow();

      await()
          .untilAsserted(
              () -> assertThat(replicas).extracting(Replica::signs).containsOnly(next.kid()));
    } finally {
      replicas.forEach(Replica::stop);
    }
  }

  /** What a replica knows of keys, without the rest of it. */
  private final class Replica {
    private final KeyRing ring = new KeyRing(crypto, clock);
    private final KeyRefresh keys = new KeyRefresh(store, ring, new KeyNotices(dataSource));

    void start() {
      keys.start(new StartupEvent());
    }

    void stop() {
      keys.stop(new ShutdownEvent());
    }

    String signs() {
      return ring.signer(SigningAlgorithm.EDDSA).orElseThrow().kid();
    }
  }
}
