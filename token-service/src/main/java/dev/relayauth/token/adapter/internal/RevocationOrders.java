package dev.relayauth.token.adapter.internal;

import dev.relayauth.common.internal.InternalClient;
import dev.relayauth.common.internal.ServiceUnavailableException;
import dev.relayauth.common.revocation.Initiator;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Has the revocation service revoke something. Blocking. */
@Singleton
public final class RevocationOrders {
  private final InternalClient client;

  RevocationOrders(InternalClient client) {
    this.client = client;
  }

  /**
   * What to revoke.
   *
   * @param orgId the tenant; empty for a signing key
   * @param type the wire name of a kind
   * @param closed whether nothing issued later lives either
   * @param eventId a second order of one event changes nothing
   * @param initiator who brought it about, as signals tell it
   * @param expiresAt when the last token that it kills expires; null for as long as any could
   */
  public record Order(
      String orgId,
      String type,
      String targetId,
      boolean closed,
      String reason,
      @Nullable String actorId,
      Initiator initiator,
      String eventId,
      @Nullable Instant expiresAt,
      List<String> sponsorChain) {}

  /**
   * Answers with the entry, a {@code RevocationState}, once it is committed.
   *
   * @throws ServiceUnavailableException when it may not be committed
   */
  public InternalClient.Reply send(Order order) {
    InternalClient.Reply reply =
        client.await(client.post("revocation", "/internal/v1/revocations", order));
    if (!reply.isSuccess()) {
      throw new ServiceUnavailableException("revocation answered " + reply.status());
    }
    return reply;
  }
}
