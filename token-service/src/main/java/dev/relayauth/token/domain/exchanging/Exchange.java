package dev.relayauth.token.domain.exchanging;

import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.scope.ScopeSet;
import dev.relayauth.common.token.Actor;
import dev.relayauth.common.token.Claims;
import dev.relayauth.token.domain.issuing.Addressees;
import dev.relayauth.token.domain.issuing.Ancestry;
import dev.relayauth.token.domain.issuing.Credential;
import dev.relayauth.token.domain.issuing.Delegation;
import dev.relayauth.token.domain.issuing.Derivation;
import dev.relayauth.token.domain.issuing.Outcome;
import dev.relayauth.token.domain.issuing.Refusal;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The delegation of a subject's token to an actor. Whatever comes of it is for the subject, tells
 * of the actor and of all actors before it, and has and outlives nothing that either has not.
 *
 * @param credential what issues the result: what both tokens have in common
 * @param delegation how the result differs from a plain issue
 */
public record Exchange(Credential credential, Delegation delegation) {
  /** The longest chain of actors. */
  public static final int MAX_DEPTH = 10;

  /**
   * The exchange of {@code subject} for {@code actor}, both checked in full.
   *
   * @param actorGrants what the actor may be issued now
   * @param requester what the requester has proved beside the tokens
   */
  public static Outcome<Exchange> of(
      Claims subject, Claims actor, ScopeSet actorGrants, Requester requester) {
    Optional<String> jkt = requester.jkt();
    if (!subject.org().equals(actor.org())) {
      return refuse(ErrorCode.INVALID_TOKEN, "the tokens are not of one organisation");
    }
    // A chain grows at its outer end alone: an actor that is acted for would make it a tree.
    if (actor.act() != null) {
      return refuse(ErrorCode.INVALID_TOKEN, "the actor must present a token of its own");
    }
    // RFC 8693 §4.4: those that may act, and nobody else; kept through every hop.
    if (!subject.mayAct().isEmpty() && !subject.mayAct().contains(actor.sub())) {
      return refuse(ErrorCode.INVALID_TOKEN, "may_act does not name the actor");
    }
    // A bound token sent as data proves nothing by itself (RFC 9449 §1).
    if (isUnproved(subject, jkt) || isUnproved(actor, jkt)) {
      return refuse(ErrorCode.INVALID_TOKEN, "a token is bound to a key that was not proved");
    }
    if (subject.act() != null && subject.act().subjects().size() >= MAX_DEPTH) {
      return refuse(
          ErrorCode.DELEGATION_DEPTH_EXCEEDED, "there are " + MAX_DEPTH + " actors already");
    }
    return Outcome.of(
        new Exchange(credential(subject, actor, actorGrants), result(subject, actor, requester)));
  }

  /**
   * Who asks.
   *
   * @param isActor whether it has authenticated as the actor, by the actor's own credential
   * @param jkt the key that it has proved to hold
   */
  public record Requester(boolean isActor, Optional<String> jkt) {}

  private static boolean isUnproved(Claims token, Optional<String> jkt) {
    return token.jkt() != null && jkt.filter(token.jkt()::equals).isEmpty();
  }

  private static Credential credential(Claims subject, Claims actor, ScopeSet actorGrants) {
    ScopeSet common =
        ScopeSet.lenient(subject.scopes())
            .intersection(ScopeSet.lenient(actor.scopes()))
            .intersection(actorGrants);
    Set<String> lineage = new LinkedHashSet<>(Ancestry.of(subject));
    lineage.addAll(Ancestry.of(actor));
    return new Credential(common, List.copyOf(lineage));
  }

  private static Delegation result(Claims subject, Claims actor, Requester requester) {
    // RFC 8693 §4.1: the outermost is who acts now, inside it those before.
    Actor act = new Actor(actor.sub(), actor.sponsorChain(), subject.act());
    Derivation derivation =
        new Derivation(
            subject.jti(), null, List.of(), act, subject.mayAct(), requester.jkt().orElse(null));
    Instant end = Instant.ofEpochSecond(Math.min(subject.exp(), actor.exp()));
    return Delegation.oauth(derivation, actor.sub(), Optional.of(end))
        .from(new Addressees(subject.aud(), requester.isActor()));
  }

  private static Outcome<Exchange> refuse(ErrorCode code, String detail) {
    return Outcome.refuse(Refusal.of(code, detail));
  }
}
