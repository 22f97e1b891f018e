package dev.relayauth.policy.adapter.grpc;

import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.internal.ServiceUnavailableException;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.CompletionException;
import org.jboss.logging.Logger;

/** Refusals as gRPC statuses; what nobody foresaw is told to the log alone. */
final class Statuses {
  private static final Logger LOG = Logger.getLogger(Statuses.class);

  private Statuses() {}

  static StatusRuntimeException of(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof RefusedException refusal) {
      return status(refusal.code().status())
          .withDescription(refusal.code().slug() + ": " + refusal.detail())
          .asRuntimeException();
    }
    if (cause instanceof ServiceUnavailableException) {
      return Status.UNAVAILABLE.withDescription("a part we depend on is away").asRuntimeException();
    }
    LOG.error("a call failed", cause);
    return Status.INTERNAL.withDescription("internal_error").asRuntimeException();
  }

  private static Status status(int http) {
    return switch (http) {
      case 401 -> Status.UNAUTHENTICATED;
      case 403 -> Status.PERMISSION_DENIED;
      case 404 -> Status.NOT_FOUND;
      case 413, 429 -> Status.RESOURCE_EXHAUSTED;
      case 503 -> Status.UNAVAILABLE;
      default -> http < 500 ? Status.INVALID_ARGUMENT : Status.INTERNAL;
    };
  }
}
