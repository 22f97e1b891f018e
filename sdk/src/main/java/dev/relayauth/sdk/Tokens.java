package dev.relayauth.sdk;

import com.fasterxml.jackson.databind.JsonNode;
import dev.relayauth.sdk.Transport.Call;
import dev.relayauth.sdk.verify.TokenVerifier;
import dev.relayauth.sdk.verify.VerifiedToken;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Access tokens: issue, refresh, verify, revoke. */
public final class Tokens {
  private final Transport transport;
  private final Supplier<TokenVerifier> verifier;

  Tokens(Transport transport, Supplier<TokenVerifier> verifier) {
    this.transport = transport;
    this.verifier = verifier;
  }

  /** Issues a token. */
  public TokenPair issue(TokenRequest request) {
    return Transport.await(issueAsync(request));
  }

  /** Like {@link #issue}. */
  public CompletableFuture<TokenPair> issueAsync(TokenRequest request) {
    return transport.send(Call.post("/v1/tokens", request), TokenPair.class);
  }

  /** The next pair of a session; the refresh token is used up. */
  public TokenPair refresh(String refreshToken) {
    return Transport.await(refreshAsync(refreshToken));
  }

  /** Like {@link #refresh(String)}. */
  public CompletableFuture<TokenPair> refreshAsync(String refreshToken) {
    return transport.send(refreshing(refreshToken), TokenPair.class);
  }

  /** The next pair of a session, bound to {@code key} from now on (RFC 9449 §5). */
  public TokenPair refresh(String refreshToken, DpopKey key) {
    return Transport.await(refreshAsync(refreshToken, key));
  }

  /** Like {@link #refresh(String, DpopKey)}. */
  public CompletableFuture<TokenPair> refreshAsync(String refreshToken, DpopKey key) {
    return transport.send(refreshing(refreshToken).provedBy(key), TokenPair.class);
  }

  private static Call refreshing(String refreshToken) {
    return Call.post("/v1/tokens/refresh", Map.of("refreshToken", refreshToken));
  }

  /**
   * Verifies a token here, against the published keys and the revocation feed.
   *
   * @throws dev.relayauth.sdk.verify.TokenRefusedException when it is not good, or nobody can know
   */
  public VerifiedToken verify(String token) {
    return verifier.get().verify(token);
  }

  /** What RelayAuth says of a token: its claims, or nothing when it is not active. */
  public Optional<JsonNode> introspect(String token) {
    String path = new Query("/v1/tokens/introspect").with("token", token).toString();
    return Optional.of(Transport.await(transport.send(Call.get(path), JsonNode.class)))
        .filter(claims -> !claims.isNull());
  }

  /** Kills one token. */
  public void revoke(String tokenId) {
    revokeBy("tokenId", tokenId);
  }

  /** Kills a session: its access tokens and its refresh token. */
  public void revokeSession(String sessionId) {
    revokeBy("sessionId", sessionId);
  }

  /** Kills every token of an identity and of its sub-agents. */
  public void revokeIdentity(String identityId) {
    revokeBy("identityId", identityId);
  }

  private void revokeBy(String name, String id) {
    Transport.await(transport.send(Call.post("/v1/tokens/revoke", Map.of(name, id))));
  }
}
