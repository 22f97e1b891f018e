package dev.relayauth.policy.domain.decision;

import dev.relayauth.common.token.Verification;

/** Who wants to act, by what the caller sent. */
public sealed interface AccessSubject {
  /** The bearer of a token whose signature and claims are good. */
  record Bearer(Verification.Valid token) implements AccessSubject {}

  /** The bearer of a token that is refused. */
  record RefusedToken(Verification.Invalid refusal) implements AccessSubject {}

  /** The bearer of a token that was not looked at, since nothing may be told of it. */
  record Unread() implements AccessSubject {}

  /** An identity named by its id: a dry question, nothing is presented. */
  record Named(String identityId) implements AccessSubject {}
}
