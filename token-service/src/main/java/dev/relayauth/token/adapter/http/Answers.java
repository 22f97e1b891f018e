package dev.relayauth.token.adapter.http;

import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.internal.ServiceUnavailableException;
import dev.relayauth.common.outbox.StorageException;
import dev.relayauth.token.domain.issuing.Issuance;
import dev.relayauth.token.domain.issuing.Outcome;
import dev.relayauth.token.domain.issuing.Refusal;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** How outcomes become answers. */
public final class Answers {
  private Answers() {}

  /** A body that is there. */
  static <T> T required(@Nullable T body) {
    if (body == null) {
      throw new RefusedException(ErrorCode.VALIDATION_FAILED, "a JSON object is required");
    }
    return body;
  }

  /** The value of an outcome; its refusal is thrown. */
  public static <T> T orThrow(Outcome<T> outcome) {
    return switch (outcome) {
      case Outcome.Accepted<T> accepted -> accepted.value();
      case Outcome.Refused<T> refused -> throw refused(refused.refusal());
    };
  }

  /** What the edge answers to a refusal. */
  public static RefusedException refused(Refusal refusal) {
    return new RefusedException(refusal.code(), refusal.detail(), refusal.members());
  }

  /** A pair, never cached (RFC 6749 §5.1). */
  static Response pair(int status, Issuance issuance) {
    return Response.status(status)
        .type(MediaType.APPLICATION_JSON_TYPE)
        .header(HttpHeaders.CACHE_CONTROL, "no-store")
        .entity(TokenPair.of(issuance))
        .build();
  }

  /** Waits for a result; for virtual threads only. A refusal comes out as it went in. */
  public static <T> T await(CompletableFuture<T> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServiceUnavailableException(e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof RefusedException || cause instanceof StorageException) {
        throw (RuntimeException) cause;
      }
      throw new ServiceUnavailableException(e);
    }
  }
}
