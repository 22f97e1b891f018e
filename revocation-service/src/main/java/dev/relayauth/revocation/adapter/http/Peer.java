package dev.relayauth.revocation.adapter.http;

import dev.relayauth.common.internal.InternalClient;
import dev.relayauth.common.internal.ServiceUnavailableException;
import dev.relayauth.common.json.Json;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.regex.Pattern;

/** Questions to other services about what exists. Blocks; for virtual threads. */
@Singleton
final class Peer {
  private static final Pattern PATH_SEGMENT = Pattern.compile("[A-Za-z0-9_-]{1,128}");
  private static final int NOT_FOUND = 404;

  private final InternalClient client;

  Peer(InternalClient client) {
    this.client = client;
  }

  /**
   * What the service answers; empty when there is no such thing, or {@code id} could be no id of
   * anything.
   *
   * @throws ServiceUnavailableException when it doesn't answer
   */
  <T> Optional<T> find(String service, String before, String id, String after, Class<T> type) {
    if (!PATH_SEGMENT.matcher(id).matches()) {
      return Optional.empty();
    }
    InternalClient.Reply reply = client.await(client.get(service, before + id + after));
    if (reply.status() == NOT_FOUND) {
      return Optional.empty();
    }
    if (!reply.isSuccess()) {
      throw new ServiceUnavailableException(service + " answered " + reply.status());
    }
    return Optional.of(reply.body().length == 0 ? empty(type) : Json.read(reply.body(), type));
  }

  private static <T> T empty(Class<T> type) {
    return Json.read(new byte[] {'{', '}'}, type);
  }
}
