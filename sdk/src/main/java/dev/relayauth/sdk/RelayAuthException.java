package dev.relayauth.sdk;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * RelayAuth refused a request, or could not be reached. The subclass says what a program can do
 * about it; {@link #code()} is the stable slug of the contract.
 */
public class RelayAuthException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String code;
  private final transient Map<String, Object> members;
  private @Nullable Duration retryAfter;

  RelayAuthException(int status, String code, String message, Map<String, Object> members) {
    super(message);
    this.status = status;
    this.code = code;
    this.members = Map.copyOf(members);
  }

  RelayAuthException(int status, String code, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.status = status;
    this.code = code;
    this.members = Map.of();
  }

  /** The HTTP status; 0 when there was no answer. */
  public int status() {
    return status;
  }

  /** The stable slug, such as {@code scope_escalation}. */
  public String code() {
    return code;
  }

  /** The id under which the service logged the request. */
  public Optional<String> requestId() {
    return member("requestId");
  }

  /** How long RelayAuth wants to be left alone, when it says so (429, 503). */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }

  /** A member of the problem, such as {@code required}, {@code scope} or {@code reason}. */
  public Optional<String> member(String name) {
    return Optional.ofNullable(members.get(name)).map(String::valueOf);
  }

  /** The credential is missing, wrong, expired or revoked (401). */
  public static final class Unauthenticated extends RelayAuthException {
    private static final long serialVersionUID = 1L;

    Unauthenticated(String code, String message, Map<String, Object> members) {
      super(401, code, message, members);
    }
  }

  /** The credential may not do this (403): a scope is missing, or something was not its to give. */
  public static final class Forbidden extends RelayAuthException {
    private static final long serialVersionUID = 1L;

    Forbidden(String code, String message, Map<String, Object> members) {
      super(403, code, message, members);
    }
  }

  /** There is no such thing in this organisation (404). */
  public static final class NotFound extends RelayAuthException {
    private static final long serialVersionUID = 1L;

    NotFound(String code, String message, Map<String, Object> members) {
      super(404, code, message, members);
    }
  }

  /** It exists already, or its state doesn't allow this (409, 412). */
  public static final class Conflict extends RelayAuthException {
    private static final long serialVersionUID = 1L;

    Conflict(int status, String code, String message, Map<String, Object> members) {
      super(status, code, message, members);
    }
  }

  /** The request is not valid (other 4xx). */
  public static final class Invalid extends RelayAuthException {
    private static final long serialVersionUID = 1L;

    Invalid(int status, String code, String message, Map<String, Object> members) {
      super(status, code, message, members);
    }
  }

  /** Too many requests, after all retries (429). */
  public static final class RateLimited extends RelayAuthException {
    private static final long serialVersionUID = 1L;

    RateLimited(String code, String message, Map<String, Object> members) {
      super(429, code, message, members);
    }
  }

  /** RelayAuth is away, after all retries (5xx, or no answer at all). */
  public static final class Unavailable extends RelayAuthException {
    private static final long serialVersionUID = 1L;

    Unavailable(int status, String code, String message, Map<String, Object> members) {
      super(status, code, message, members);
    }

    Unavailable(String message, Throwable cause) {
      super(0, "unreachable", message, cause);
    }
  }

  /**
   * The answer says that it was done (2xx), and can't be read: a later version wrote it, or
   * something else than RelayAuth, such as a sign-in page. Whether it was done is unknown.
   */
  public static final class Unreadable extends RelayAuthException {
    private static final long serialVersionUID = 1L;

    Unreadable(int status, @Nullable Throwable cause) {
      super(
          status, "unreadable_answer", "an answer that this version of the SDK can't read", cause);
    }
  }

  static RelayAuthException of(
      int status, Map<String, Object> problem, Optional<Duration> retryAfter) {
    RelayAuthException failure = of(status, problem);
    failure.retryAfter = retryAfter.orElse(null);
    return failure;
  }

  private static RelayAuthException of(int status, Map<String, Object> problem) {
    String code = String.valueOf(problem.getOrDefault("code", "unknown"));
    String message = code + ": " + problem.getOrDefault("detail", "the answer was " + status);
    return switch (status) {
      case 401 -> new Unauthenticated(code, message, problem);
      case 403 -> new Forbidden(code, message, problem);
      case 404 -> new NotFound(code, message, problem);
      case 409, 412 -> new Conflict(status, code, message, problem);
      case 429 -> new RateLimited(code, message, problem);
      default ->
          status >= 500
              ? new Unavailable(status, code, message, problem)
              : new Invalid(status, code, message, problem);
    };
  }
}
