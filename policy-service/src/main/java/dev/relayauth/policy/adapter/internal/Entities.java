package dev.relayauth.policy.adapter.internal;

import dev.relayauth.common.event.EntityKind;
import dev.relayauth.common.internal.InternalClient;
import dev.relayauth.common.internal.ServiceUnavailableException;
import jakarta.inject.Singleton;
import java.util.regex.Pattern;

/** Whether what a rule names exists, as the identity service knows it. */
@Singleton
public final class Entities {
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,80}");

  private final InternalClient client;

  Entities(InternalClient client) {
    this.client = client;
  }

  /**
   * Whether it exists in the organisation. Blocking.
   *
   * @throws ServiceUnavailableException when the identity service is away
   */
  public boolean exists(String org, EntityKind kind, String id) {
    if (!ID.matcher(id).matches()) {
      return false;
    }
    InternalClient.Reply reply =
        client.await(
            client.get(
                "identity", "/internal/v1/entities/" + org + "/" + kind.wireName() + "/" + id));
    if (!reply.isSuccess() && reply.status() != 404) {
      throw new ServiceUnavailableException("identity answered " + reply.status());
    }
    return reply.isSuccess();
  }
}
