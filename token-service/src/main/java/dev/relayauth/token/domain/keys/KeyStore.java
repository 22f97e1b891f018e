package dev.relayauth.token.domain.keys;

import dev.relayauth.common.token.SigningAlgorithm;
import java.time.Instant;
import java.util.List;

/** Where keys rest. All replicas see the same; a key never rests in the clear. Blocking. */
public interface KeyStore {
  /** Every key that has not been removed, the oldest first. */
  List<StoredKey> load();

  /** Makes the first key of an algorithm, unless there is one; one of several replicas does. */
  void ensure(SigningAlgorithm algorithm);

  /** Makes a key that replaces those of its algorithm at {@code from}, and puts that on record. */
  StoredKey rotate(SigningAlgorithm algorithm, Instant from, RotationRecord toRecord);
}
