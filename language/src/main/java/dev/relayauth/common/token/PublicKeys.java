package dev.relayauth.common.token;

import java.util.Optional;

/** The keys whose signatures count. A key that is not here does not exist. */
@FunctionalInterface
public interface PublicKeys {
  /** The key of that name, compared exactly; the name is a sender's choice and may be anything. */
  Optional<VerificationKey> find(String kid);
}
