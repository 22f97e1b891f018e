package dev.relayauth.common.token;

import java.security.GeneralSecurityException;
import java.security.Signature;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Signs with one key. What a provider makes of a key costs more than a signature, so the objects
 * that did it are kept, one for each that signs at the same time. Safe for use by many threads.
 */
final class Signer {
  private static final int MAX_IDLE = 16;

  private final SigningKey key;
  private final Source source;
  private final BlockingQueue<Signature> idle = new ArrayBlockingQueue<>(MAX_IDLE);

  /** Makes objects that are ready to sign. */
  @FunctionalInterface
  interface Source {
    Signature make() throws GeneralSecurityException;
  }

  Signer(SigningKey key, Source source) {
    this.key = key;
    this.source = source;
  }

  /**
   * A signature; of ECDSA in its low form.
   *
   * @throws IllegalStateException when the key can't sign
   */
  byte[] sign(byte[] input) {
    try {
      Signature known = idle.poll();
      Signature signature = known == null ? source.make() : known;
      signature.update(input);
      byte[] made = signature.sign();
      // As good as new (its Javadoc); one that failed is not.
      idle.offer(signature);
      return key.algorithm() == SigningAlgorithm.ES256 ? EcdsaSignature.toLow(made) : made;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot sign with key " + key.kid(), e);
    }
  }

  @Override
  public String toString() {
    return "Signer[" + key + "]";
  }
}
