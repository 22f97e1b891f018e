package dev.relayauth.token.adapter.http;

import dev.relayauth.common.http.AccessRule;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.http.RouteFailures;
import dev.relayauth.common.http.ShortWay;
import dev.relayauth.common.json.Json;
import dev.relayauth.common.scope.Scope;
import dev.relayauth.token.domain.issuing.Issuance;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The short way to {@link Issuing} for the requests that nearly all are: a caller that memory knows
 * and admits, and a JSON body of a known length. Whatever else comes goes on to the resource of the
 * same path, which answers alike.
 */
@Singleton
public final class IssueRoute {
  static final String PATH = "/v1/tokens";
  static final String SCOPE = "relayauth:token:create";

  private static final AccessRule.Credentials RULE =
      new AccessRule.Credentials(
          List.of(Scope.parse(SCOPE)), true, false, AccessRule.WorkspaceTokens.NO);
  private static final String JSON = "application/json";

  private final Issuing issuing;
  private final ShortWay shortWay;
  private final RouteFailures failures;

  IssueRoute(Issuing issuing, ShortWay shortWay, RouteFailures failures) {
    this.issuing = issuing;
    this.shortWay = shortWay;
    this.failures = failures;
  }

  void register(@Observes Router router) {
    router.post(PATH).handler(this::handle);
  }

  private void handle(RoutingContext context) {
    Optional<CurrentRequest> entered =
        PlainRequest.isPlain(context.request(), JSON) && PATH.equals(context.request().path())
            ? shortWay.enter(context, RULE)
            : Optional.empty();
    if (entered.isEmpty()) {
      context.next();
      return;
    }
    Context loop = context.vertx().getOrCreateContext();
    context
        .request()
        .bodyHandler(
            body -> {
              try {
                issuing
                    .issue(read(body), entered.get())
                    .whenComplete(
                        (issuance, failure) ->
                            loop.runOnContext(done -> answer(context, issuance, failure)));
              } catch (IOException | RuntimeException e) {
                failures.answer(context, e);
              }
            });
    context.request().resume();
  }

  private static @Nullable IssueBody read(Buffer body) throws IOException {
    return body.length() == 0 ? null : Json.MAPPER.readValue(body.getBytes(), IssueBody.class);
  }

  private void answer(
      RoutingContext context, @Nullable Issuance issuance, @Nullable Throwable failure) {
    if (issuance == null) {
      failures.answer(context, failure == null ? new IllegalStateException() : failure);
      return;
    }
    context
        .response()
        .setStatusCode(201)
        .putHeader("Content-Type", JSON)
        .putHeader("Cache-Control", "no-store")
        .end(Buffer.buffer(Json.write(TokenPair.of(issuance))));
  }
}
