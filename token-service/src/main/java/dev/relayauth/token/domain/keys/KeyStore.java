package dev.relayauth.token.domain.keys;

import dev.relayauth.common.token.SigningAlgorithm;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Where keys rest. All replicas see the same, and learn of a change at once; a key never rests in
 * the clear. Each algorithm in use has a standby: a key that is published and does not sign yet, so
 * that it can from one moment to the next. Blocking.
 */
public interface KeyStore {
  /** Every key that has not been removed, the oldest first. */
  List<StoredKey> load();

  /**
   * Sees to it that a key of an algorithm signs and that another stands by, and makes what is
   * missing; one of several replicas has its way.
   */
  void ensure(SigningAlgorithm algorithm);

  /**
   * Has the standby replace the keys of its algorithm, once it has been published for {@code
   * published}, and puts that on record. A key is made only when none stands by; the next standby
   * is for {@link #ensure}.
   *
   * @param olderThan nothing happens unless the newest key has signed since before this
   */
  Optional<StoredKey> rotate(
      SigningAlgorithm algorithm, Duration published, Instant olderThan, RotationRecord toRecord);

  /**
   * Forgets a key at once, its private half too, and makes none. When it was the one that signs,
   * the standby signs from this moment on; where there is none, and for the next standby, {@link
   * #ensure} is to follow.
   *
   * @return what has to be revoked; empty when there is no such key
   */
  Optional<Removed> remove(String kid, RotationRecord toRecord);

  /** Keys that were removed and may not be revoked yet. */
  List<Removed> unconfirmed();

  /** The revocation of a removed key is committed. */
  void confirm(Removed removed);

  /** Encrypts anew what a former key-encryption key had encrypted; how many that were. */
  int rewrap();

  /**
   * A key that was removed.
   *
   * @param eventId names its revocation
   */
  record Removed(String kid, String eventId) {}
}
