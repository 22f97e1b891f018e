package dev.relayauth.token.adapter.oauth;

import dev.relayauth.common.token.Verification;
import dev.relayauth.token.adapter.http.Answers;
import dev.relayauth.token.adapter.kafka.IdentityChains;
import dev.relayauth.token.adapter.postgres.PostgresFamilies;
import dev.relayauth.token.domain.introspection.Introspection;
import dev.relayauth.token.domain.issuing.Chain;
import dev.relayauth.token.domain.issuing.Session;
import dev.relayauth.token.domain.refreshing.Family;
import dev.relayauth.token.domain.refreshing.RefreshToken;
import dev.relayauth.token.domain.refreshing.Refreshing;
import jakarta.inject.Singleton;
import java.util.Optional;

/** Finds out what a token sent as data is, whatever the client takes it for. Blocking. */
@Singleton
final class HeldTokens {
  private final Introspection introspection;
  private final PostgresFamilies families;
  private final IdentityChains chains;
  private final Refreshing refreshing;

  HeldTokens(
      Introspection introspection,
      PostgresFamilies families,
      IdentityChains chains,
      Refreshing refreshing) {
    this.introspection = introspection;
    this.families = families;
    this.chains = chains;
    this.refreshing = refreshing;
  }

  /** A token of ours. */
  sealed interface Held {}

  /** An access token. */
  record Access(Verification.Valid token) implements Held {}

  /** A refresh token. */
  record Refresh(Session session) implements Held {}

  /** The token, when it is one of {@code org} and active. */
  Optional<Held> find(String text, String org) {
    Optional<RefreshToken> refresh = RefreshToken.parse(text);
    return refresh.isPresent()
        ? refresh(refresh.get(), org)
        : introspection.active(text, org).map(Access::new);
  }

  /**
   * What there is to revoke of a token of {@code org}. A refresh token is good for that long after
   * its one use: whoever lost the answer has no other by which to end what came of it (RFC 7009
   * §2.1).
   */
  Optional<Held> revocable(String text, String org) {
    Optional<RefreshToken> refresh = RefreshToken.parse(text);
    return refresh.isPresent()
        ? families
            .find(refresh.get())
            .filter(session -> session.org().equals(org) && refreshing.mayLive(session))
            .map(Refresh::new)
        : find(text, org);
  }

  private Optional<Held> refresh(RefreshToken token, String org) {
    Optional<Family> family =
        families.look(token).filter(found -> found.session().org().equals(org));
    if (family.isEmpty()) {
      return Optional.empty();
    }
    Session session = family.get().session();
    Optional<Chain> chain = Answers.await(chains.find(org, session.identityId()));
    return chain
        .filter(known -> refreshing.isActive(family.get(), known))
        .map(active -> new Refresh(session));
  }
}
