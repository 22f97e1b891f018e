package dev.relayauth.token.adapter.oauth;

import dev.relayauth.common.audit.AuditDraft;
import dev.relayauth.common.config.RelayAuthConfig;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.scope.ScopeSet;
import dev.relayauth.common.token.Actor;
import dev.relayauth.common.token.Claims;
import dev.relayauth.token.adapter.http.Answers;
import dev.relayauth.token.adapter.kafka.Humans;
import dev.relayauth.token.adapter.kafka.IdentityChains;
import dev.relayauth.token.domain.exchanging.Exchange;
import dev.relayauth.token.domain.introspection.Introspection;
import dev.relayauth.token.domain.issuing.Allowance;
import dev.relayauth.token.domain.issuing.Chain;
import dev.relayauth.token.domain.issuing.Credential;
import dev.relayauth.token.domain.issuing.GrantSource;
import dev.relayauth.token.domain.issuing.Issuance;
import dev.relayauth.token.domain.issuing.Outcome;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.Response;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** A subject's token becomes one by which an actor acts for it (RFC 8693). */
@Singleton
final class TokenExchangeGrant implements Grant {
  static final String TYPE = "urn:ietf:params:oauth:grant-type:token-exchange";
  private static final String ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";
  private static final String JWT = "urn:ietf:params:oauth:token-type:jwt";
  private static final Set<String> TYPES = Set.of(ACCESS_TOKEN, JWT);

  private final Introspection introspection;
  private final IdentityChains chains;
  private final Humans humans;
  private final GrantSource grants;
  private final OAuthIssue issue;
  private final RelayAuthConfig config;
  private final InstantSource clock;

  TokenExchangeGrant(
      Introspection introspection,
      IdentityChains chains,
      Humans humans,
      GrantSource grants,
      OAuthIssue issue,
      RelayAuthConfig config,
      InstantSource clock) {
    this.introspection = introspection;
    this.chains = chains;
    this.humans = humans;
    this.grants = grants;
    this.issue = issue;
    this.config = config;
    this.clock = clock;
  }

  @Override
  public String type() {
    return TYPE;
  }

  @Override
  public Response answer(Request request) {
    OAuthForm form = request.form();
    String wantedType = form.find("requested_token_type").orElse(ACCESS_TOKEN);
    if (!TYPES.contains(wantedType)) {
      throw OAuthRefusal.request("the requested token type is not supported");
    }
    Claims subject = token(form, "subject_token");
    // RFC 8693 §1.1: without an actor it would be impersonation, which we do not give.
    Claims actor = token(form, "actor_token");
    if (request.client().filter(client -> !client.id().equals(actor.sub())).isPresent()) {
      throw OAuthRefusal.unauthorized("the client is not the actor");
    }
    Exchange exchange = exchange(subject, actor, request);
    OAuthIssue.Wanted wanted =
        new OAuthIssue.Wanted(
            "token.exchanged",
            subject.org(),
            subject.sub(),
            form.wanted(config.issuer()),
            exchange.delegation(),
            again(form, exchange.credential()),
            request.rev());
    return OAuthAnswer.access(issue(wanted, subject, actor, exchange), wantedType);
  }

  private Issuance issue(
      OAuthIssue.Wanted wanted, Claims subject, Claims actor, Exchange exchange) {
    UnaryOperator<AuditDraft> describe = draft -> describe(draft, subject, actor, exchange);
    // A human is no identity: what it may do is what it signed in with.
    return subject.sub().startsWith(IdPrefix.SPONSOR.text())
        ? issue.issue(
            wanted,
            () -> Answers.await(humans.chain(subject.org(), subject.sub(), subject.scopes())),
            describe)
        : issue.issue(wanted, describe);
  }

  /**
   * RFC 8693 §2.1: the type comes with its token. A token that is not good is {@code
   * invalid_request} (§2.2.2).
   */
  private Claims token(OAuthForm form, String name) {
    String text = form.require(name);
    if (!TYPES.contains(form.require(name + "_type"))) {
      throw OAuthRefusal.request(name + "_type is not supported");
    }
    return introspection
        .active(text)
        .map(valid -> valid.claims())
        .orElseThrow(() -> OAuthRefusal.request(name + " is not an active token of ours"));
  }

  private Exchange exchange(Claims subject, Claims actor, Request request) {
    // A client that isn't the actor has been refused.
    Exchange.Requester requester =
        new Exchange.Requester(request.client().isPresent(), request.jkt());
    Outcome<Exchange> outcome =
        actorChain(actor)
            .active(clock.instant())
            .then(
                chain ->
                    Allowance.of(chain, actor.actors(), grants, clock.instant(), request.ip())
                        .narrow(ScopeSet.lenient(actor.scopes())))
            .then(held -> Exchange.of(subject, actor, held, requester));
    return switch (outcome) {
      case Outcome.Accepted<Exchange> accepted -> accepted.value();
      case Outcome.Refused<Exchange> refused ->
          throw OAuthRefusal.request(refused.refusal().detail());
    };
  }

  private Chain actorChain(Claims actor) {
    return Answers.await(chains.find(actor.org(), actor.sub()))
        .orElseThrow(() -> OAuthRefusal.request("the actor is no identity"));
  }

  /** Both tokens are looked at again by a second try. */
  private Supplier<Credential> again(OAuthForm form, Credential credential) {
    return () -> {
      token(form, "subject_token");
      token(form, "actor_token");
      return credential;
    };
  }

  private static AuditDraft describe(
      AuditDraft draft, Claims subject, Claims actor, Exchange exchange) {
    Actor act = Objects.requireNonNull(exchange.delegation().derivation().act());
    return draft
        .with("actorId", actor.sub())
        .with("credential", "actor_token")
        .with("subjectTokenId", subject.jti())
        .with("actorTokenId", actor.jti())
        .with("actors", String.join(" ", act.subjects()));
  }
}
