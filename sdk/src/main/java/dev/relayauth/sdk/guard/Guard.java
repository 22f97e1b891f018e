package dev.relayauth.sdk.guard;

import com.fasterxml.jackson.databind.JsonNode;
import dev.relayauth.common.scope.Scope;
import dev.relayauth.common.token.DpopProofs;
import dev.relayauth.sdk.AuthorizeRequest;
import dev.relayauth.sdk.Decision;
import dev.relayauth.sdk.DpopKey;
import dev.relayauth.sdk.RelayAuthClient;
import dev.relayauth.sdk.RelayAuthException;
import dev.relayauth.sdk.verify.TokenRefusedException;
import dev.relayauth.sdk.verify.TokenVerifier;
import dev.relayauth.sdk.verify.VerifiedToken;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Admits a request or refuses it. Locally: the token must be good and its scopes cover the route's.
 * Remotely as well: RelayAuth must allow it, with policies, budgets and the audit trail.
 */
public final class Guard {
  private static final String BEARER = "Bearer ";
  private static final String DPOP = DpopKey.HEADER + " ";

  private final TokenVerifier verifier;
  private final @Nullable RelayAuthClient decisions;
  private final @Nullable String metadata;
  private final @Nullable String address;

  private Guard(
      TokenVerifier verifier,
      @Nullable RelayAuthClient decisions,
      @Nullable String metadata,
      @Nullable String address) {
    this.verifier = verifier;
    this.decisions = decisions;
    this.metadata = metadata;
    this.address = address;
  }

  /** Decides here, from the token. */
  public static Guard local(TokenVerifier verifier) {
    return new Guard(verifier, null, null, null);
  }

  /** Verifies here and asks RelayAuth for the decision. When it is away, nobody gets in. */
  public static Guard remote(TokenVerifier verifier, RelayAuthClient decisions) {
    return new Guard(verifier, decisions, null, null);
  }

  /** Names the protected-resource metadata (RFC 9728 §5.1) in every challenge. */
  public Guard describedBy(String metadataUrl) {
    return new Guard(verifier, decisions, metadataUrl, address);
  }

  /**
   * Says where clients reach what it guards, when a proxy stands before it: DPoP proofs name that
   * address, such as {@code https://api.example}.
   */
  public Guard reachedAt(String baseUrl) {
    return new Guard(verifier, decisions, metadata, baseUrl);
  }

  /**
   * A request, as far as its credential goes.
   *
   * @param authorization the header of that name
   * @param proofs every value of the header {@code DPoP}
   * @param url where it went; its query doesn't count
   */
  public record Request(
      @Nullable String authorization, List<String> proofs, String method, String url) {
    public Request {
      proofs = List.copyOf(proofs);
    }

    @Override
    public String toString() {
      return "Request[" + method + "]";
    }
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

  /** Checks the credential of a request for the scope of its route. */
  public Outcome check(
      Request request, ScopeTemplate required, Function<String, @Nullable String> parameters) {
    Optional<Scope> scope = required.fill(parameters);
    String wanted = scope.map(Scope::raw).orElse(required.text());
    String authorization = request.authorization();
    boolean bound = isScheme(authorization, DPOP);
    if (authorization == null || !(bound || isScheme(authorization, BEARER))) {
      // RFC 6750 §3.1: no error code when no credentials were sent.
      return refused(
          "missing_authorization", "send a bearer token", new Challenge(false, null, wanted));
    }
    String token = authorization.substring((bound ? DPOP : BEARER).length()).trim();
    try {
      VerifiedToken verified =
          bound ? verifier.verify(token, proof(request)) : verifier.verify(token);
      if (scope.isEmpty() || !verified.scopes().covers(scope.get())) {
        return lacking(verified, wanted);
      }
      return decide(token, verified, scope.get());
    } catch (TokenRefusedException e) {
      return refused(e, bound);
    } catch (RelayAuthException e) {
      return new Refused(503, "unavailable", "no decision can be had now", null);
    }
  }

  /** RFC 9110 §11.1: the scheme is case-insensitive. */
  private static boolean isScheme(@Nullable String authorization, String scheme) {
    return authorization != null
        && authorization.regionMatches(true, 0, scheme, 0, scheme.length());
  }

  private DpopProofs.Presented proof(Request request) {
    String url = address == null ? request.url() : address + pathOf(request.url());
    return new DpopProofs.Presented(request.proofs(), request.method(), url);
  }

  private static String pathOf(String url) {
    int path = url.indexOf('/', url.indexOf("://") + 3);
    return path < 0 ? "/" : url.substring(path);
  }

  private Outcome decide(String token, VerifiedToken verified, Scope scope) {
    if (decisions == null) {
      return new Admitted(verified);
    }
    Decision decision = decisions.authorize(AuthorizeRequest.token(token, scope.raw()));
    return decision.allowed()
            && decision.obligations().stream().allMatch(duty -> isMet(duty, verified))
        ? new Admitted(verified)
        : new Refused(403, decision.reason(), "RelayAuth denied it", null);
  }

  /** The one duty that a guard can meet: a bound token was admitted with its proof only. */
  private static boolean isMet(JsonNode duty, VerifiedToken verified) {
    return duty.path("type").asText().equals("proof_of_possession")
        && duty.path("jkt").asText().equals(verified.claims().jkt());
  }

  private Refused refused(TokenRefusedException refusal, boolean bound) {
    return switch (refusal.reason()) {
      case FEED_STALE, KEYS_UNAVAILABLE ->
          new Refused(503, "unavailable", "the token can't be checked now", null);
      case EXPIRED -> refused("token_expired", "the token has expired", noGood(bound));
      case REVOKED -> refused("token_revoked", "the token is revoked", noGood(bound));
      case INVALID, WRONG_ORGANIZATION ->
          refused("invalid_token", "the token is not good here", noGood(bound));
      case PROOF_REQUIRED -> refused("invalid_token", "send Authorization: DPoP", noGood(true));
      case PROOF_INVALID ->
          refused(
              "invalid_dpop_proof",
              "the DPoP proof is not good for this request",
              Challenge.of(true, "invalid_dpop_proof"));
    };
  }

  private static Challenge noGood(boolean bound) {
    return Challenge.of(bound, "invalid_token");
  }

  private Refused refused(String code, String detail, Challenge challenge) {
    return new Refused(401, code, detail, challenge.text(metadata));
  }

  /** The refusal of a request that was admitted, but whose token lacks a further scope. */
  public Refused lacking(VerifiedToken token, String scope) {
    boolean bound = token.claims().jkt() != null;
    Challenge challenge = new Challenge(bound, "insufficient_scope", scope);
    return new Refused(
        403, "insufficient_scope", "the token lacks " + scope, challenge.text(metadata));
  }
}
