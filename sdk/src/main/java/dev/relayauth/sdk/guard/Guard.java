package dev.relayauth.sdk.guard;

import dev.relayauth.common.scope.Scope;
import dev.relayauth.sdk.AuthorizeRequest;
import dev.relayauth.sdk.Decision;
import dev.relayauth.sdk.RelayAuthClient;
import dev.relayauth.sdk.RelayAuthException;
import dev.relayauth.sdk.verify.TokenRefusedException;
import dev.relayauth.sdk.verify.TokenVerifier;
import dev.relayauth.sdk.verify.VerifiedToken;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Admits a request or refuses it. Locally: the token must be good and its scopes cover the route's.
 * Remotely as well: RelayAuth must allow it, with policies, budgets and the audit trail.
 */
public final class Guard {
  private static final String SCHEME = "Bearer ";

  private final TokenVerifier verifier;
  private final @Nullable RelayAuthClient decisions;
  private final @Nullable String metadata;

  private Guard(
      TokenVerifier verifier, @Nullable RelayAuthClient decisions, @Nullable String metadata) {
    this.verifier = verifier;
    this.decisions = decisions;
    this.metadata = metadata;
  }

  /** Decides here, from the token. */
  public static Guard local(TokenVerifier verifier) {
    return new Guard(verifier, null, null);
  }

  /** Verifies here and asks RelayAuth for the decision. When it is away, nobody gets in. */
  public static Guard remote(TokenVerifier verifier, RelayAuthClient decisions) {
    return new Guard(verifier, decisions, null);
  }

  /** Names the protected-resource metadata (RFC 9728 §5.1) in every challenge. */
  public Guard describedBy(String metadataUrl) {
    return new Guard(verifier, decisions, metadataUrl);
  }

  /** What came of it. */
  public sealed interface Outcome permits Admitted, Refused {}

  /** The request may go on. */
  public record Admitted(VerifiedToken token) implements Outcome {}

  /**
   * The request ends here.
   *
   * @param challenge for {@code WWW-Authenticate}; null with 503
   */
  public record Refused(int status, String code, String detail, @Nullable String challenge)
      implements Outcome {}

  /** Checks the {@code Authorization} header of a request for the scope of its route. */
  public Outcome check(
      @Nullable String authorization,
      ScopeTemplate required,
      Function<String, @Nullable String> parameters) {
    // RFC 6750 §3.1: no error code when no credentials were sent.
    if (authorization == null
        || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return refused(401, "missing_authorization", "send a bearer token", null, required.text());
    }
    String token = authorization.substring(SCHEME.length()).trim();
    Optional<Scope> scope = required.fill(parameters);
    try {
      VerifiedToken verified = verifier.verify(token);
      if (scope.isEmpty() || !verified.scopes().covers(scope.get())) {
        return insufficient(scope.map(Scope::raw).orElse(required.text()));
      }
      return decide(token, verified, scope.get());
    } catch (TokenRefusedException e) {
      return refused(e);
    } catch (RelayAuthException e) {
      return new Refused(503, "unavailable", "no decision can be had now", null);
    }
  }

  private Outcome decide(String token, VerifiedToken verified, Scope scope) {
    if (decisions == null) {
      return new Admitted(verified);
    }
    Decision decision = decisions.authorize(AuthorizeRequest.token(token, scope.raw()));
    return decision.allowed() && decision.obligations().isEmpty()
        ? new Admitted(verified)
        : new Refused(403, decision.reason(), "RelayAuth denied it", null);
  }

  private Refused refused(TokenRefusedException refusal) {
    return switch (refusal.reason()) {
      case FEED_STALE, KEYS_UNAVAILABLE ->
          new Refused(503, "unavailable", "the token can't be checked now", null);
      case EXPIRED -> refused(401, "token_expired", "the token has expired", "invalid_token", null);
      case REVOKED -> refused(401, "token_revoked", "the token is revoked", "invalid_token", null);
      case INVALID, WRONG_ORGANIZATION ->
          refused(401, "invalid_token", "the token is not good here", "invalid_token", null);
    };
  }

  private Refused insufficient(String scope) {
    return refused(
        403, "insufficient_scope", "the token lacks " + scope, "insufficient_scope", scope);
  }

  private Refused refused(
      int status, String code, String detail, @Nullable String error, @Nullable String scope) {
    StringBuilder challenge = new StringBuilder("Bearer realm=\"relayauth\"");
    if (error != null) {
      challenge.append(", error=\"").append(error).append('"');
    }
    if (scope != null) {
      challenge.append(", scope=\"").append(scope.replaceAll("[\"\\\\\\p{Cntrl}]", "")).append('"');
    }
    if (metadata != null) {
      challenge.append(", resource_metadata=\"").append(metadata).append('"');
    }
    return new Refused(status, code, detail, challenge.toString());
  }
}
