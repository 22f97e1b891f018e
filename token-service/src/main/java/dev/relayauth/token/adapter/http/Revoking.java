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
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Has the revocation service revoke something for a request. Blocking. */
@Singleton
public final class Revoking {
  private static final Duration OWN_FEED = Duration.ofSeconds(1);

  private final InternalClient client;
  private final IdSource ids;
  private final Feeds feeds;
  private final Revisions revisions;
  private final CurrentRequest request;

  Revoking(
      InternalClient client,
      IdSource ids,
      Feeds feeds,
      Revisions revisions,
      CurrentRequest request) {
    this.client = client;
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
      List<String> sponsorChain) {}

  private record Sent(
      String orgId,
      String type,
      String targetId,
      boolean closed,
      String reason,
      String actorId,
      String eventId,
      @Nullable Instant expiresAt,
      List<String> sponsorChain) {}

  /**
   * Returns once it is committed, and normally once this replica knows.
   *
   * @throws ServiceUnavailableException when it may not be committed
   */
  public void revoke(Order order) {
    revoke(order, ids.next(IdPrefix.EVENT));
  }

  /** The same; a second time with one {@code eventId} changes nothing. */
  public void revoke(Order order, String eventId) {
    Sent body =
        new Sent(
            order.orgId(),
            order.type(),
            order.targetId(),
            order.closed(),
            order.reason(),
            order.actorId(),
            eventId,
            order.expiresAt(),
            order.sponsorChain());
    var reply = client.await(client.post("revocation", "/internal/v1/revocations", body));
    if (!reply.isSuccess()) {
      throw new ServiceUnavailableException("revocation answered " + reply.status());
    }
    long sequence = Json.read(reply.body(), RevocationState.class).revision();
    request.wrote(revisions.encode(Revision.of("revocation", sequence)));
    feeds
        .find(Topics.REVOCATION)
        .ifPresent(feed -> Answers.await(feed.applied().await(sequence, OWN_FEED)));
  }
}
