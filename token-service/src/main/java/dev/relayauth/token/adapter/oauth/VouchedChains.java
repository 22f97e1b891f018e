package dev.relayauth.token.adapter.oauth;

import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.id.IdFormat;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.token.adapter.http.Answers;
import dev.relayauth.token.adapter.kafka.Humans;
import dev.relayauth.token.adapter.kafka.IdentityChains;
import dev.relayauth.token.domain.issuing.Chain;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;

/**
 * The chains of those whom outside issuers vouch for. An issuer says who somebody is and not what
 * they may do: without grants of their own, that is the operator's to say. Blocking.
 */
@Singleton
final class VouchedChains {
  private final IdentityChains identities;
  private final Humans humans;

  VouchedChains(IdentityChains identities, Humans humans) {
    this.identities = identities;
    this.humans = humans;
  }

  /**
   * The chain of a subject; empty when nobody here has that id. Refused for a human, and for an
   * identity without scopes of its own, when the mapping names no scopes.
   */
  Optional<Chain> find(TrustedIssuers.Subject subject) {
    Optional<List<String>> named = subject.mapping().scopes();
    if (subject.isHuman()) {
      List<String> scopes = named.orElseThrow(() -> OAuthRefusal.grant(unnamed("a human")));
      return Answers.await(humans.chain(subject.org(), subject.id(), scopes));
    }
    if (!IdFormat.isValid(IdPrefix.IDENTITY, subject.id())) {
      return Optional.empty();
    }
    Optional<Chain> chain = Answers.await(identities.find(subject.org(), subject.id()));
    if (named.isEmpty() && chain.filter(known -> known.self().issuerScoped()).isPresent()) {
      throw withoutScopes();
    }
    return chain;
  }

  private static RefusedException withoutScopes() {
    return OAuthRefusal.scope(unnamed("an identity that was created without scopes"));
  }

  private static String unnamed(String whom) {
    return whom + " gets what the operator's mapping of the issuer names, and it has no scopes";
  }
}
