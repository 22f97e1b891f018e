package dev.relayauth.token.domain.refreshing;

import dev.relayauth.token.domain.issuing.Issuance;
import dev.relayauth.token.domain.issuing.Refusal;
import dev.relayauth.token.domain.issuing.Session;

/** What a presented refresh token comes to. */
public sealed interface RefreshDecision {
  /**
   * It is used up now, and this pair replaces it.
   *
   * @param family the session as it goes on, of which the pair may have a part only
   * @param authenticated whether the family needs its client's authentication from now on
   */
  record Rotated(Issuance issuance, Session family, boolean authenticated)
      implements RefreshDecision {}

  /** It was used a moment ago, and the client gets the pair of then again. */
  record Repeated(Issuance issuance) implements RefreshDecision {}

  /** Somebody had a copy: the family dies. */
  record Replayed() implements RefreshDecision {}

  /** It is good for nothing, and nothing changes. */
  record Refused(Refusal refusal) implements RefreshDecision {}
}
