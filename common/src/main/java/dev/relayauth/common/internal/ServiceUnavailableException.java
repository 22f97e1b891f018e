package dev.relayauth.common.internal;

/** Another service, or the feed of one, did not answer in time. */
public final class ServiceUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Wraps what went wrong. */
  public ServiceUnavailableException(Throwable cause) {
    super(cause);
  }

  /** Says what is away. */
  public ServiceUnavailableException(String message) {
    super(message);
  }
}
