package dev.relayauth.common.credential;

import dev.relayauth.common.token.CachingTokenVerifier;
import dev.relayauth.common.token.CryptoProvider;
import dev.relayauth.common.token.DpopProofs;
import dev.relayauth.common.token.TokenVerifier;
import io.quarkus.arc.DefaultBean;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import org.jboss.logging.Logger;

/** The parts of token verification, wired. */
@Singleton
public final class CredentialProducers {
  private static final Logger LOG = Logger.getLogger(CredentialProducers.class);

  @Produces
  @Singleton
  CryptoProvider crypto() {
    CryptoProvider provider = CryptoProvider.preferred();
    LOG.infof("signatures by %s", provider.name());
    return provider;
  }

  @Produces
  @Singleton
  DpopProofs proofs(CryptoProvider crypto, InstantSource clock) {
    return new DpopProofs(crypto, clock);
  }

  @Produces
  @Singleton
  @DefaultBean
  TokenVerifier verifier(PublishedKeys keys, CryptoProvider crypto, InstantSource clock) {
    return new CachingTokenVerifier(keys, crypto, clock);
  }
}
