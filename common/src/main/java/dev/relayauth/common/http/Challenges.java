package dev.relayauth.common.http;

import dev.relayauth.common.config.RelayAuthConfig;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.token.SigningAlgorithm;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tells whose credential was refused how to present a good one (RFC 9110 §11.6.1). */
@Singleton
final class Challenges {
  private static final String ALGORITHMS = String.join(" ", SigningAlgorithm.jwsNames());

  private final String metadata;

  Challenges(RelayAuthConfig config) {
    this.metadata =
        ", resource_metadata=\"" + config.issuer() + "/.well-known/oauth-protected-resource\"";
  }

  /**
   * The challenge that goes with a refusal; empty where none does. Its scheme is the one that the
   * token has, which is DPoP for one that is bound to a key (RFC 9449 §7.1).
   */
  Optional<String> of(RefusedException refusal, RoutingContext context) {
    ErrorCode code = refusal.code();
    if (code == ErrorCode.INSUFFICIENT_SCOPE) {
      String scope = ", scope=\"" + refusal.members().getOrDefault("required", "") + '"';
      return Optional.of(challenge(code, "insufficient_scope", context) + scope);
    }
    if (code.status() != 401) {
      return Optional.empty();
    }
    String error =
        switch (code) {
          // RFC 6750 §3.1: no error code when no credentials were sent.
          case MISSING_AUTHORIZATION -> null;
          case INVALID_DPOP_PROOF -> "invalid_dpop_proof";
          default -> "invalid_token";
        };
    // RFC 9728 §5.1: where to learn who issues tokens for us.
    return Optional.of(challenge(code, error, context) + metadata);
  }

  private static String challenge(ErrorCode code, @Nullable String error, RoutingContext context) {
    boolean bound = code == ErrorCode.INVALID_DPOP_PROOF || CurrentRequest.isOfBoundToken(context);
    return (bound ? "DPoP" : "Bearer")
        + " realm=\"relayauth\""
        + (error == null ? "" : ", error=\"" + error + '"')
        + (bound ? ", algs=\"" + ALGORITHMS + '"' : "");
  }
}
