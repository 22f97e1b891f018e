package dev.relayauth.common.http;

import dev.relayauth.common.error.RefusedException;
import jakarta.ws.rs.core.Response;
import java.util.Optional;

/** Renders a refusal in the form of an endpoint family, such as RFC 6749 §5.2 for OAuth. */
@FunctionalInterface
public interface ErrorRenderer {
  /**
   * The answer, when {@code path} belongs to the family.
   *
   * @param challenge how to present a good credential, when this one was refused
   */
  Optional<Response> render(
      String path, RefusedException refusal, Optional<String> challenge, String requestId);
}
