package dev.relayauth.token.domain.keys;

import dev.relayauth.common.token.SigningAlgorithm;
import dev.relayauth.common.token.SigningKey;

/** Makes new keys. That may take seconds, so nobody holds a lock or a transaction meanwhile. */
@FunctionalInterface
public interface KeyMaker {
  /** A new key of an algorithm. */
  SigningKey make(SigningAlgorithm algorithm);
}
