package dev.relayauth.revocation.config;

import dev.relayauth.common.config.RelayAuthConfig;
import dev.relayauth.common.outbound.Destinations;
import dev.relayauth.common.outbound.OutboundPost;
import dev.relayauth.common.outbound.Resolver;
import dev.relayauth.revocation.domain.propagation.Propagation;
import dev.relayauth.revocation.domain.propagation.Verifiers;
import io.vertx.core.Vertx;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.List;

/** The domain's parts, wired. */
@Singleton
public final class RevocationProducers {
  @Produces
  @Singleton
  Propagation propagation(Verifiers verifiers, RelayAuthConfig config) {
    return new Propagation(verifiers, config.freshness().bound());
  }

  @Produces
  @Singleton
  OutboundPost outboundPost(Vertx vertx, Resolver resolver, SignalConfig config) {
    Destinations destinations = new Destinations(config.allowedPrivate().orElse(List.of()));
    return new OutboundPost(vertx, destinations, resolver, config.timeout());
  }
}
