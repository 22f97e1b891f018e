package dev.relayauth.stack.bench;

import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a scenario sends.
 *
 * @param port the service's own port
 * @param body the body of the n-th request; null for none
 * @param status what every answer must have
 * @param answerBytes how long an answer the echo is asked for; a service ignores it
 */
record Load(
    String name,
    int port,
    String method,
    String path,
    String credential,
    IntFunction<@Nullable String> body,
    int status,
    int answerBytes) {
  /** The same under another name. */
  Load named(String other) {
    return new Load(other, port, method, path, credential, body, status, answerBytes);
  }
}
