package dev.relayauth.revocation.config;

import dev.relayauth.common.config.RelayAuthConfig;
import dev.relayauth.revocation.domain.propagation.Propagation;
import dev.relayauth.revocation.domain.propagation.Verifiers;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** The domain's parts, wired. */
@Singleton
public final class RevocationProducers {
  @Produces
  @Singleton
  Propagation propagation(Verifiers verifiers, RelayAuthConfig config) {
    return new Propagation(verifiers, config.freshness().bound());
  }
}
