package dev.relayauth.token.adapter.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.relayauth.common.audit.AuditRecords;
import dev.relayauth.common.id.IdSource;
import dev.relayauth.common.outbox.Transactions;
import dev.relayauth.common.secret.SecretSeal;
import dev.relayauth.common.token.CryptoProvider;
import dev.relayauth.common.token.SigningAlgorithm;
import dev.relayauth.testing.LocalServers;
import dev.relayauth.token.config.KeyConfig;
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
        transactions, new SecretSeal(List.of(keys), random), records, ids, clock);
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
