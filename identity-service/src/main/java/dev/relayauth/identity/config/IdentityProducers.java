package dev.relayauth.identity.config;

import dev.relayauth.common.directory.RoleProjection;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** The projections of the identity service beside those that every service has. */
@Singleton
public final class IdentityProducers {
  @Produces
  @Singleton
  RoleProjection roles() {
    return new RoleProjection();
  }
}
