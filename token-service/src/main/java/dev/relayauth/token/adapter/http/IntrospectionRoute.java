package dev.relayauth.token.adapter.http;

import dev.relayauth.common.audit.CredentialUse;
import dev.relayauth.common.credential.Authentication;
import dev.relayauth.common.credential.Caller;
import dev.relayauth.common.credential.CredentialVerifier;
import dev.relayauth.common.credential.PresentedCredential;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.http.AccessRule;
import dev.relayauth.common.http.RouteFailures;
import dev.relayauth.common.json.Json;
import dev.relayauth.common.scope.Scope;
import dev.relayauth.token.adapter.http.IntrospectionAnswers.ValidateBody;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The short way to {@link IntrospectionAnswers} for the requests that nearly all are: a caller that
 * memory knows and admits, whose use of the route is on record for this minute, and a body of a
 * known length. Whatever else comes goes on to the resource of the same path, which answers alike.
 */
@Singleton
public final class IntrospectionRoute {
  static final String SCOPE = "relayauth:token:read";

  private static final AccessRule.Credentials RULE =
      new AccessRule.Credentials(
          List.of(Scope.parse(SCOPE)), true, false, AccessRule.WorkspaceTokens.NO);
  private static final String VALIDATE = "/v1/tokens/validate";
  private static final String INTROSPECT = "/v1/tokens/introspect";
  private static final String JSON = "application/json";
  private static final String FORM = "application/x-www-form-urlencoded";

  private final IntrospectionAnswers answers;
  private final CredentialVerifier credentials;
  private final CredentialUse use;
  private final RouteFailures failures;

  IntrospectionRoute(
      IntrospectionAnswers answers,
      CredentialVerifier credentials,
      CredentialUse use,
      RouteFailures failures) {
    this.answers = answers;
    this.credentials = credentials;
    this.use = use;
    this.failures = failures;
  }

  /** Answers a body for an organisation. */
  @FunctionalInterface
  private interface Answering {
    String answer(Buffer body, String org) throws IOException;
  }

  void register(@Observes Router router) {
    router.post(VALIDATE).handler(context -> handle(context, VALIDATE, JSON, this::validated));
    router
        .post(INTROSPECT)
        .handler(
            context ->
                handle(
                    context,
                    INTROSPECT,
                    FORM,
                    (form, org) -> answers.active(form.toString(), org)));
  }

  private String validated(Buffer body, String org) throws IOException {
    return answers.validated(Json.MAPPER.readValue(body.getBytes(), ValidateBody.class), org);
  }

  private void handle(RoutingContext context, String path, String type, Answering answering) {
    HttpServerRequest request = context.request();
    Optional<Caller.Tenant> caller =
        PlainRequest.isPlain(request, type) ? known(request) : Optional.empty();
    if (caller.filter(known -> use.isOnRecord(known, path)).isEmpty()) {
      context.next();
      return;
    }
    String org = caller.get().org();
    request.bodyHandler(
        body -> {
          try {
            String answer = answering.answer(body, org);
            context
                .response()
                .putHeader("Content-Type", "application/json;charset=UTF-8")
                .putHeader("Cache-Control", "no-store")
                .end(answer);
          } catch (IOException | RuntimeException e) {
            failures.answer(context, e);
          }
        });
    request.resume();
  }

  private Optional<Caller.Tenant> known(HttpServerRequest request) {
    @Nullable String authorization = request.getHeader("Authorization");
    CompletableFuture<Authentication> verified =
        credentials.verify(PresentedCredential.of(authorization, request.getHeader("x-api-key")));
    if (!verified.isDone()
        || verified.isCompletedExceptionally()
        || !(verified.join() instanceof Authentication.Authenticated authenticated)
        || !(authenticated.caller() instanceof Caller.Tenant tenant)) {
      return Optional.empty();
    }
    try {
      RULE.check(tenant);
      return Optional.of(tenant);
    } catch (RefusedException refused) {
      // The resource says so, and puts it on record.
      return Optional.empty();
    }
  }
}
