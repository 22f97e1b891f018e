package dev.relayauth.policy.adapter.http;

import dev.relayauth.common.audit.AuditEmitter;
import dev.relayauth.common.audit.AuditRecords;
import dev.relayauth.common.credential.Caller;
import dev.relayauth.common.credential.PresentedCredential;
import dev.relayauth.common.event.AuditRecord.Result;
import dev.relayauth.common.scope.Scope;
import dev.relayauth.policy.domain.decision.Reason;
import dev.relayauth.policy.domain.decision.RequestContext;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Envoy's external authorization on the decision point. The proxy presents its own credential; the
 * request it asks about carries the agent's token, and what it needs is what the proxy's operator
 * has configured, never what the request says.
 */
@Singleton
public final class ExternalAuthorization {
  /** The header, or context extension, in which the proxy's operator names the scope. */
  public static final String SCOPE = "x-relayauth-scope";

  private final AccessDecisions decisions;
  private final DecisionTrail trail;
  private final AuditRecords records;
  private final AuditEmitter emitter;

  ExternalAuthorization(
      AccessDecisions decisions, DecisionTrail trail, AuditRecords records, AuditEmitter emitter) {
    this.decisions = decisions;
    this.trail = trail;
    this.records = records;
    this.emitter = emitter;
  }

  /**
   * The request that the proxy asks about.
   *
   * @param template what it needs, by the proxy's configuration; null when that says nothing
   * @param authorization the request's own header
   * @param ip where it came from, when the proxy says so
   */
  public record Proxied(
      @Nullable String template,
      String method,
      String path,
      @Nullable String authorization,
      @Nullable String ip) {
    /** Never the token. */
    @Override
    public String toString() {
      return "Proxied[" + method + " " + path + "]";
    }
  }

  /** What the proxy is to do. */
  public sealed interface Ruling {
    /** Let it through. */
    record Pass(String decisionId, String subject, String scope) implements Ruling {}

    /** Answer with that status, 401 or 403. */
    record Stop(int status, String reason, @Nullable String decisionId) implements Ruling {}
  }

  /** Rules on a request; fails when the proxy's permit can't be put on record. */
  public CompletableFuture<Ruling> rule(Proxied proxied, Asking asking) {
    Optional<Scope> scope =
        Optional.ofNullable(proxied.template())
            .flatMap(text -> new ScopeTemplate(text).of(proxied.method(), proxied.path()));
    if (!(PresentedCredential.of(proxied.authorization(), null)
        instanceof PresentedCredential.Token token)) {
      return CompletableFuture.completedFuture(new Ruling.Stop(401, "missing_authorization", null));
    }
    if (scope.isEmpty()) {
      unspelled(proxied, asking);
      return CompletableFuture.completedFuture(new Ruling.Stop(403, "invalid_scope", null));
    }
    AccessQuery query =
        new AccessQuery(token.compact(), null, scope.get(), context(proxied), false);
    return decisions
        .answer(asking, query)
        .thenCompose(answer -> trail.record(answer, asking.origin(), asking.trace()))
        .thenApply(ExternalAuthorization::ruling);
  }

  private static RequestContext context(Proxied proxied) {
    return proxied.ip() == null
        ? RequestContext.EMPTY
        : RequestContext.read(Map.of("ip", proxied.ip()), (member, detail) -> {});
  }

  private static Ruling ruling(Answer answer) {
    if (answer.decision().isAllowed()) {
      String subject = answer.request().chain().getLast().id();
      return new Ruling.Pass(answer.decisionId(), subject, answer.request().scope().raw());
    }
    Reason reason = answer.decision().reason();
    int status =
        switch (reason) {
          case TOKEN_INVALID, TOKEN_EXPIRED, TOKEN_REVOKED -> 401;
          default -> 403;
        };
    return new Ruling.Stop(status, reason.slug(), answer.decisionId());
  }

  /** A request that no scope can describe is denied, on record. */
  private void unspelled(Proxied proxied, Asking asking) {
    Caller.Tenant caller = asking.caller();
    emitter.offer(
        records
            .draft("scope.checked", caller.org())
            .sponsor(caller.sponsorId())
            .result(Result.denied)
            .with("actorId", caller.actorId())
            .with("reason", "invalid_scope")
            .with("route", proxied.method() + " " + proxied.path())
            .build(),
        asking.trace());
  }
}
