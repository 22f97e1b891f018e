package dev.relayauth.token.domain;

import static dev.relayauth.token.domain.Agents.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.relayauth.common.secret.SecretSeal;
import dev.relayauth.common.token.CryptoProvider;
import dev.relayauth.common.token.SigningAlgorithm;
import dev.relayauth.common.token.SigningKey;
import dev.relayauth.token.domain.keys.KeyRing;
import dev.relayauth.token.domain.keys.StoredKey;
import dev.relayauth.token.domain.refreshing.RefreshToken;
import dev.relayauth.token.domain.refreshing.RefreshTokens;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeysTest {
  private final SecretSeal encryption = new SecretSeal(List.of(new byte[32]), new SecureRandom());
  private Instant now = NOW;
  private final KeyRing ring = new KeyRing(CryptoProvider.preferred(), () -> now);

  private static StoredKey key(Instant activated, Instant retired) {
    return new StoredKey(
        SigningKey.generate(SigningAlgorithm.EDDSA), NOW.minusSeconds(60), activated, retired);
  }

  @Test
  void readsBackWhatItEncrypted() {
    byte[] stored = encryption.seal("kid", "{\"d\":\"secret\"}");

    assertThat(encryption.open("kid", stored)).isEqualTo("{\"d\":\"secret\"}");
    assertThat(new String(stored, java.nio.charset.StandardCharsets.ISO_8859_1))
        .doesNotContain("secret");
  }

  @Test
  void readsWhatAFormerKeyEncryptionKeyWroteAndWritesUnderTheNewOne() {
    byte[] newer = new byte[32];
    newer[0] = 1;
    byte[] stored = encryption.seal("kid", "{}");
    SecretSeal rotated = new SecretSeal(List.of(newer, new byte[32]), new SecureRandom());

    assertThat(encryption.isCurrent(stored)).isTrue();
    assertThat(rotated.isCurrent(stored)).isFalse();
    assertThat(rotated.open("kid", stored)).isEqualTo("{}");
    assertThat(rotated.isCurrent(rotated.seal("kid", "{}"))).isTrue();
    assertThatThrownBy(() -> new SecretSeal(List.of(newer), new SecureRandom()).open("kid", stored))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void readsTheFormThatNamedNoKeyEncryptionKey() throws Exception {
    byte[] nonce = new byte[12];
    javax.crypto.Cipher cipher = javax.crypto.Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(
        javax.crypto.Cipher.ENCRYPT_MODE,
        new javax.crypto.spec.SecretKeySpec(new byte[32], "AES"),
        new javax.crypto.spec.GCMParameterSpec(128, nonce));
    cipher.updateAAD("kid".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    byte[] sealed =
        cipher.doFinal("{\"kty\":\"OKP\"}".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    byte[] stored =
        java.nio.ByteBuffer.allocate(13 + sealed.length)
            .put((byte) 1)
            .put(nonce)
            .put(sealed)
            .array();

    assertThat(encryption.open("kid", stored)).isEqualTo("{\"kty\":\"OKP\"}");
    assertThat(encryption.isCurrent(stored)).isFalse();
  }

  @Test
  void readsNoKeyInAnothersPlace() {
    byte[] stored = encryption.seal("kid", "{}");

    assertThatThrownBy(() -> encryption.open("other", stored))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void readsNothingThatWasTamperedWith() {
    byte[] stored = encryption.seal("kid", "{}");
    stored[stored.length - 1] ^= 1;

    assertThatThrownBy(() -> encryption.open("kid", stored))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void publishesAKeyBeforeItSigns() {
    StoredKey old = key(NOW.minusSeconds(60), NOW.plusSeconds(6));
    StoredKey next = key(NOW.plusSeconds(6), null);
    ring.hold(List.of(old, next));

    assertThat(ring.find(next.kid())).isPresent();
    assertThat(ring.signer(SigningAlgorithm.EDDSA).orElseThrow().kid()).isEqualTo(old.kid());

    now = NOW.plusSeconds(6);

    assertThat(ring.signer(SigningAlgorithm.EDDSA).orElseThrow().kid()).isEqualTo(next.kid());
  }

  @Test
  void publishesARetiredKeyAsLongAsItsTokensLive() {
    StoredKey old = key(NOW.minusSeconds(60), NOW);
    now = NOW.plus(Duration.ofHours(24));
    ring.hold(List.of(old));
    assertThat(ring.find(old.kid())).isPresent();

    now = NOW.plus(Duration.ofHours(25));
    ring.hold(List.of(old));

    assertThat(ring.find(old.kid())).isEmpty();
  }

  @Test
  void neverPublishesAPrivateMember() {
    ring.hold(List.of(key(NOW, null)));

    assertThat(ring.jwks())
        .contains("\"use\":\"sig\"", "\"alg\":\"EdDSA\"")
        .doesNotContain("\"d\"");
  }

  @Test
  void derivesTheSameSuccessorEachTimeAndOnlyUnderItsKey() {
    RefreshTokens tokens = new RefreshTokens(new byte[32], new SecureRandom());
    byte[] otherKey = new byte[32];
    otherKey[0] = 1;
    RefreshToken first = tokens.generate();

    assertThat(tokens.successorOf(first)).isEqualTo(tokens.successorOf(first));
    assertThat(tokens.successorOf(first)).isNotEqualTo(first);
    assertThat(new RefreshTokens(otherKey, new SecureRandom()).successorOf(first))
        .isNotEqualTo(tokens.successorOf(first));
    assertThat(RefreshToken.parse(first.text())).contains(first);
  }
}
