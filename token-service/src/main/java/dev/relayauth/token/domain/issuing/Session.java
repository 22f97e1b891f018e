package dev.relayauth.token.domain.issuing;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What every token of a refresh family has in common.
 *
 * @param scopes what the next token gets at most; only ever fewer
 * @param audience for whom its next token is at most; only ever fewer
 * @param lineage ids of all credentials and tokens it descends from
 * @param derivation what its tokens come from, beside the lineage
 * @param accessTtl how long each of its access tokens lives at most
 * @param refreshExpiresAt when no refresh token of it is good any more
 * @param expiresAt when no token of it can be unexpired
 */
public record Session(
    String sid,
    String org,
    String identityId,
    @Nullable String workspaceId,
    List<String> sponsorChain,
    String clientId,
    List<String> scopes,
    List<String> audience,
    List<String> lineage,
    Derivation derivation,
    Duration accessTtl,
    Instant createdAt,
    Instant refreshExpiresAt,
    Instant expiresAt) {

  /** Copies the lists. */
  public Session {
    sponsorChain = List.copyOf(sponsorChain);
    scopes = List.copyOf(scopes);
    audience = List.copyOf(audience);
    lineage = List.copyOf(lineage);
  }

  /** The same session with these scopes. */
  public Session withScopes(List<String> fewer) {
    return new Session(
        sid,
        org,
        identityId,
        workspaceId,
        sponsorChain,
        clientId,
        fewer,
        audience,
        lineage,
        derivation,
        accessTtl,
        createdAt,
        refreshExpiresAt,
        expiresAt);
  }

  /** The same session for these. */
  public Session withAudience(List<String> fewer) {
    return new Session(
        sid,
        org,
        identityId,
        workspaceId,
        sponsorChain,
        clientId,
        scopes,
        fewer,
        lineage,
        derivation,
        accessTtl,
        createdAt,
        refreshExpiresAt,
        expiresAt);
  }

  /** The same session bound to a key. */
  public Session boundTo(String jkt) {
    return new Session(
        sid,
        org,
        identityId,
        workspaceId,
        sponsorChain,
        clientId,
        scopes,
        audience,
        lineage,
        derivation.boundTo(jkt),
        accessTtl,
        createdAt,
        refreshExpiresAt,
        expiresAt);
  }

  /** When an access token issued at {@code now} ends. */
  public Instant accessEnd(Instant now) {
    Instant end = now.plus(accessTtl);
    return end.isBefore(expiresAt) ? end : expiresAt;
  }
}
