package dev.relayauth.token.adapter.http;

import dev.relayauth.common.event.RevocationState;
import dev.relayauth.common.event.Topics;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.id.IdSource;
import dev.relayauth.common.internal.InternalClient;
import dev.relayauth.common.internal.ServiceUnavailableException;
import dev.relayauth.common.json.Json;
import dev.relayauth.common.projection.Feeds;
import dev.relayauth.common.revision.Revision;
import dev.relayauth.common.revision.Revisions;
import dev.relayauth.common.revocation.Initiator;
import dev.relayauth.token.adapter.internal.RevocationOrders;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Has the revocation service revoke something for a request. Blocking. */
@Singleton
public final class Revoking {
  private static final Duration OWN_FEED = Duration.ofSeconds(1);

  private final RevocationOrders orders;
  private final IdSource ids;
  private final Feeds feeds;
  private final Revisions revisions;
  private final CurrentRequest request;

  Revoking(
      RevocationOrders orders,
      IdSource ids,
      Feeds feeds,
      Revisions revisions,
      CurrentRequest request) {
    this.orders = orders;
    this.ids = ids;
    this.feeds = feeds;
    this.revisions = revisions;
    this.request = request;
  }

  /**
   * What to revoke.
   *
   * @param type the wire name of a kind
   * @param closed whether nothing issued later lives either
   * @param expiresAt when the last token that it kills expires; null for as long as any could
   */
  public record Order(
      String orgId,
      String type,
      String targetId,
      boolean closed,
      String reason,
      String actorId,
      @Nullable Instant expiresAt,
      List<String> sponsorChain) {
    private Initiator initiator() {
      return Initiator.of(actorId, sponsorChain.isEmpty() ? null : sponsorChain.getLast());
    }
  }

  /**
   * Returns once it is committed, and normally once this replica knows.
   *
   * @throws ServiceUnavailableException when it may not be committed
   */
  public void revoke(Order order) {
    InternalClient.Reply reply =
        orders.send(
            new RevocationOrders.Order(
                order.orgId(),
                order.type(),
                order.targetId(),
                order.closed(),
                order.reason(),
                order.actorId(),
                order.initiator(),
                ids.next(IdPrefix.EVENT),
                order.expiresAt(),
                order.sponsorChain()));
    long sequence = Json.read(reply.body(), RevocationState.class).revision();
    request.wrote(revisions.encode(Revision.of("revocation", sequence)));
    feeds
        .find(Topics.REVOCATION)
        .ifPresent(feed -> Answers.await(feed.applied().await(sequence, OWN_FEED)));
  }
}
