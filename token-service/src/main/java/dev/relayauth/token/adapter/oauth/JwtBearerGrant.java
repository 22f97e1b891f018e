package dev.relayauth.token.adapter.oauth;

import dev.relayauth.common.audit.AuditDraft;
import dev.relayauth.common.config.RelayAuthConfig;
import dev.relayauth.common.scope.ScopeSet;
import dev.relayauth.common.token.ForeignJwt;
import dev.relayauth.token.domain.issuing.Credential;
import dev.relayauth.token.domain.issuing.Delegation;
import dev.relayauth.token.domain.issuing.Derivation;
import dev.relayauth.token.domain.issuing.Issuance;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Optional;

/**
 * A token for whom a trusted outside issuer vouches (RFC 7523 §2.1): a workload without a stored
 * secret, or a human who signs in elsewhere. The assertion is the credential and may be used again
 * while it lives, as workloads do.
 */
@Singleton
final class JwtBearerGrant implements Grant {
  private static final List<String> ANYTHING = List.of("*");

  private final TrustedIssuers issuers;
  private final VouchedChains chains;
  private final OAuthIssue issue;
  private final RelayAuthConfig config;

  JwtBearerGrant(
      TrustedIssuers issuers, VouchedChains chains, OAuthIssue issue, RelayAuthConfig config) {
    this.issuers = issuers;
    this.chains = chains;
    this.issue = issue;
    this.config = config;
  }

  @Override
  public String type() {
    return "urn:ietf:params:oauth:grant-type:jwt-bearer";
  }

  @Override
  public Response answer(Request request) {
    ForeignJwt assertion =
        ForeignJwt.parse(request.form().require("assertion"))
            .orElseThrow(() -> OAuthRefusal.grant("the assertion is not a JWT we can read"));
    TrustedIssuers.Subject subject = issuers.subject(assertion);
    // RFC 7521 §4.1: a client that is named or authenticates is whom the assertion speaks of.
    boolean another =
        request.client().filter(client -> !client.id().equals(subject.id())).isPresent()
            || request.form().find("client_id").filter(id -> !id.equals(subject.id())).isPresent();
    if (another) {
      throw OAuthRefusal.grant("the assertion is not the client's");
    }
    return OAuthAnswer.access(issue(request, assertion, subject), null);
  }

  private Issuance issue(Request request, ForeignJwt assertion, TrustedIssuers.Subject subject) {
    List<String> most = subject.mapping().scopes().orElse(ANYTHING);
    Credential credential = new Credential(ScopeSet.lenient(most), List.of());
    OAuthIssue.Wanted wanted =
        new OAuthIssue.Wanted(
            "token.issued",
            subject.org(),
            subject.id(),
            request.form().wanted(config.issuer()),
            Delegation.oauth(
                Derivation.NONE.boundTo(request.jkt().orElse(null)),
                subject.id(),
                Optional.of(subject.end())),
            () -> credential,
            request.rev());
    return issue.issue(
        wanted, () -> chains.find(subject), draft -> describe(draft, assertion, subject));
  }

  private static AuditDraft describe(
      AuditDraft draft, ForeignJwt assertion, TrustedIssuers.Subject subject) {
    return draft
        .with("actorId", subject.id())
        .with("credential", "assertion")
        .with("assertionIssuer", subject.issuer())
        .with("assertionSubject", assertion.text("sub").orElse(null));
  }
}
