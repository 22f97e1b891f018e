package dev.relayauth.audit.adapter.http;

import dev.relayauth.common.http.Violations;
import dev.relayauth.common.outbound.Destinations;
import dev.relayauth.common.outbound.Destinations.Destination;
import dev.relayauth.common.outbound.Resolver;
import jakarta.inject.Singleton;
import java.util.Optional;

/** Checks where the URL of a webhook leads; it is checked again each time something is sent. */
@Singleton
final class WebhookUrls {
  private final Destinations destinations;
  private final Resolver resolver;

  WebhookUrls(Destinations destinations, Resolver resolver) {
    this.destinations = destinations;
    this.resolver = resolver;
  }

  /** Returns the URL, or throws a 400. A name that doesn't resolve may do so one day. */
  String check(String url) {
    Violations violations = new Violations();
    Optional<Destination> to = Destinations.parse(url);
    violations.check(to.isPresent(), "/url", "must be an http or https URL without credentials");
    boolean reachable =
        to.isEmpty()
            || (!destinations.isPrivateName(to.get())
                && resolver.resolve(to.get().host()).stream()
                    .allMatch(address -> destinations.mayReach(to.get(), address)));
    violations.check(reachable, "/url", "leads to a private address");
    violations.throwIfAny();
    return url;
  }
}
