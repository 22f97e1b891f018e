package dev.relayauth.common.http;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ResourceInfo;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/** Puts the {@link CredentialsGate} before every resource method. */
@Singleton
public class CredentialsFilter {
  // Filters are made at build time in a native image, when there is no configuration yet.
  private final Instance<CredentialsGate> gate;

  CredentialsFilter(Instance<CredentialsGate> gate) {
    this.gate = gate;
  }

  /** Completes when the request may go on; fails with what to answer when it may not. */
  @ServerRequestFilter
  public @Nullable Uni<Void> filter(ContainerRequestContext context, ResourceInfo route) {
    return gate.get().check(context, route);
  }
}
