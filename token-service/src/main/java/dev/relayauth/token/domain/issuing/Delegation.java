package dev.relayauth.token.domain.issuing;

import dev.relayauth.common.scope.ScopeSet;
import dev.relayauth.common.token.JwtType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * By what an issue differs from the plain one: where it comes from, and what caps it further.
 *
 * @param narrows whether a request without scopes gets what identity and credential have in common,
 *     instead of all that the identity has or nothing
 * @param within a further boundary that the client itself asked for, such as paths
 * @param notAfter when both tokens end at the latest
 * @param longestAccess the longest life of the access token
 * @param source for whom the token that it comes from is
 */
public record Delegation(
    Derivation derivation,
    JwtType type,
    boolean narrows,
    Optional<String> workspaceId,
    Optional<String> clientId,
    Optional<ScopeSet> within,
    Optional<Instant> notAfter,
    Optional<Duration> longestAccess,
    Addressees source) {

  /** The plain issue. */
  public static final Delegation NONE =
      new Delegation(
          Derivation.NONE,
          JwtType.JWT,
          false,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Addressees.ANY);

  /** This, where only these may become actors. */
  public Delegation withMayAct(List<String> actors) {
    return actors.isEmpty()
        ? this
        : new Delegation(
            derivation.withMayAct(actors),
            type,
            narrows,
            workspaceId,
            clientId,
            within,
            notAfter,
            longestAccess,
            source);
  }

  /** This, from a token that is for these. */
  public Delegation from(Addressees subject) {
    return new Delegation(
        derivation, type, narrows, workspaceId, clientId, within, notAfter, longestAccess, subject);
  }

  /** An issue by the token endpoint: what identity and credential have in common. */
  public static Delegation oauth(
      Derivation derivation, String clientId, Optional<Instant> notAfter) {
    return new Delegation(
        derivation,
        JwtType.ACCESS_TOKEN,
        true,
        Optional.empty(),
        Optional.of(clientId),
        Optional.empty(),
        notAfter,
        Optional.empty(),
        Addressees.ANY);
  }
}
