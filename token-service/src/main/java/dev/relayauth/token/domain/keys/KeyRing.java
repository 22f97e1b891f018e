package dev.relayauth.token.domain.keys;

import dev.relayauth.common.token.CryptoProvider;
import dev.relayauth.common.token.KeySet;
import dev.relayauth.common.token.PublicKeys;
import dev.relayauth.common.token.SigningAlgorithm;
import dev.relayauth.common.token.TokenSigner;
import dev.relayauth.common.token.VerificationKey;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The keys in memory: what signs, and what is published. Lock-free to read. */
public final class KeyRing implements PublicKeys {
  private final CryptoProvider crypto;
  private final InstantSource clock;
  private volatile Snapshot snapshot = new Snapshot(List.of(), Map.of(), KeySet.empty(), "");

  /** An empty ring. */
  public KeyRing(CryptoProvider crypto, InstantSource clock) {
    this.crypto = crypto;
    this.clock = clock;
  }

  private record Snapshot(
      List<StoredKey> keys, Map<String, TokenSigner> signers, KeySet published, String jwks) {}

  /** Replaces what the ring holds; called by one thread at a time. */
  public synchronized void hold(List<StoredKey> keys) {
    Instant now = clock.instant();
    Map<String, TokenSigner> signers = new HashMap<>();
    for (StoredKey stored : keys) {
      TokenSigner known = snapshot.signers().get(stored.kid());
      signers.put(stored.kid(), known == null ? new TokenSigner(stored.key(), crypto) : known);
    }
    KeySet published =
        KeySet.of(
            keys.stream()
                .filter(stored -> stored.isPublishedAt(now))
                .map(stored -> known(stored.key().verificationKey()))
                .toList());
    snapshot = new Snapshot(List.copyOf(keys), signers, published, published.toJson());
  }

  /** The same object as before, so that verifiers needn't compare key material. */
  private VerificationKey known(VerificationKey key) {
    return snapshot.published().find(key.kid()).filter(key::equals).orElse(key);
  }

  /** The signer of the newest active key of an algorithm; empty when it has none yet. */
  public Optional<TokenSigner> signer(SigningAlgorithm algorithm) {
    Instant now = clock.instant();
    Snapshot current = snapshot;
    return current.keys().stream()
        .filter(stored -> stored.key().algorithm() == algorithm && stored.signsAt(now))
        .max(Comparator.comparing(StoredKey::activation).thenComparing(StoredKey::kid))
        .map(stored -> current.signers().get(stored.kid()));
  }

  @Override
  public Optional<VerificationKey> find(String kid) {
    return snapshot.published().find(kid);
  }

  /** The JWK Set document (RFC 7517 §5) of all published keys. */
  public String jwks() {
    return snapshot.jwks();
  }

  /** All keys, the oldest first. */
  public List<StoredKey> keys() {
    return snapshot.keys();
  }
}
