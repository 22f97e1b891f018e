package dev.relayauth.common.http;

import dev.relayauth.common.internal.ServiceUnavailableException;
import dev.relayauth.common.outbox.StorageException;
import java.io.IOException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Tells a part that is away from a fault of ours. */
final class Unavailability {
  private Unavailability() {}

  static boolean isBehind(@Nullable Throwable failure) {
    return switch (failure) {
      case null -> false;
      case ServiceUnavailableException ignored -> true;
      case StorageException storage -> storage.isUnavailable();
      case IOException ignored -> true;
      case TimeoutException ignored -> true;
      case CompletionException wrapped -> isBehind(wrapped.getCause());
      case ExecutionException wrapped -> isBehind(wrapped.getCause());
      default -> false;
    };
  }
}
