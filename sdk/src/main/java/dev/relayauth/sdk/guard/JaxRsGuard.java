package dev.relayauth.sdk.guard;

import dev.relayauth.sdk.DpopKey;
import dev.relayauth.sdk.verify.VerifiedToken;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.DynamicFeature;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.FeatureContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.List;

/**
 * Guards the JAX-RS methods and classes that carry {@link RequiresScope}, themselves or by what
 * they override, extend or implement: register one, as a provider. The token of an admitted request
 * is its property {@link #TOKEN}.
 */
public class JaxRsGuard implements DynamicFeature {
  /** The property with the {@link VerifiedToken}. */
  public static final String TOKEN = "dev.relayauth.token";

  private final Guard guard;

  public JaxRsGuard(Guard guard) {
    this.guard = guard;
  }

  /**
   * Puts the guard before the route, when the route requires a scope.
   *
   * @throws IllegalStateException when it requires different scopes, none of which overrides the
   *     others
   */
  @Override
  public void configure(ResourceInfo route, FeatureContext context) {
    Requirements.of(route.getResourceClass(), route.getResourceMethod())
        .map(ScopeTemplate::new)
        .ifPresent(
            required -> context.register(new Filter(guard, required), Priorities.AUTHENTICATION));
  }

  private record Filter(Guard guard, ScopeTemplate required) implements ContainerRequestFilter {
    @Override
    public void filter(ContainerRequestContext request) {
      Guard.Outcome outcome =
          guard.check(
              asked(request),
              required,
              name -> request.getUriInfo().getPathParameters().getFirst(name));
      if (outcome instanceof Guard.Admitted admitted) {
        request.setProperty(TOKEN, admitted.token());
      } else {
        request.abortWith(answer((Guard.Refused) outcome));
      }
    }

    private static Guard.Request asked(ContainerRequestContext request) {
      return new Guard.Request(
          request.getHeaderString(HttpHeaders.AUTHORIZATION),
          request.getHeaders().getOrDefault(DpopKey.HEADER, List.of()),
          request.getMethod(),
          request.getUriInfo().getAbsolutePath().toString());
    }

    private static Response answer(Guard.Refused refused) {
      Response.ResponseBuilder answer =
          Response.status(refused.status())
              .type("application/problem+json")
              .entity(Problems.of(refused));
      if (refused.challenge() != null) {
        answer.header(HttpHeaders.WWW_AUTHENTICATE, refused.challenge());
      }
      if (refused.status() == 503) {
        answer.header(HttpHeaders.RETRY_AFTER, 1);
      }
      return answer.build();
    }
  }
}
