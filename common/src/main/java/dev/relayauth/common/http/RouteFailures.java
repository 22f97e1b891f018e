package dev.relayauth.common.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.internal.ServiceUnavailableException;
import dev.relayauth.common.outbox.StorageException;
import dev.relayauth.common.scope.InvalidScopeException;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.CompletionException;

/** Answers failures of plain routes as those of all others are answered. */
@Singleton
public final class RouteFailures {
  private final Errors errors;

  RouteFailures(Errors errors) {
    this.errors = errors;
  }

  /** Ends the request; for one whose body is read, so that it can't go on elsewhere. */
  public void answer(RoutingContext context, Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    Response answer =
        switch (cause) {
          case RefusedException refusal -> errors.refused(refusal, context);
          case InvalidScopeException invalid -> errors.scope(invalid, context);
          case JsonProcessingException malformed -> errors.json(malformed, context);
          case StorageException storage -> errors.storage(storage, context);
          case ServiceUnavailableException service -> errors.service(service, context);
          default -> errors.unexpected(cause, context);
        };
    context.response().setStatusCode(answer.getStatus());
    answer.getStringHeaders().forEach((name, values) -> context.response().putHeader(name, values));
    context.response().end(Buffer.buffer((byte[]) answer.getEntity()));
  }
}
