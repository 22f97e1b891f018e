package dev.relayauth.audit.adapter.webhook;

import dev.relayauth.audit.adapter.postgres.PostgresDeliveries.Due;
import dev.relayauth.audit.config.AuditConfig;
import dev.relayauth.common.outbound.Destinations;
import dev.relayauth.common.outbound.OutboundPost;
import dev.relayauth.common.outbound.Resolver;
import io.vertx.core.Vertx;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.Map;

/** Sends one message of a webhook, signed (Standard Webhooks). */
@Singleton
final class WebhookSender {
  private final OutboundPost post;
  private final InstantSource clock;

  WebhookSender(
      Vertx vertx,
      Destinations destinations,
      Resolver resolver,
      InstantSource clock,
      AuditConfig config) {
    this.post = new OutboundPost(vertx, destinations, resolver, config.webhooks().timeout());
    this.clock = clock;
  }

  /** Sends; for virtual threads. */
  OutboundPost.Outcome send(Due due) {
    long now = clock.instant().getEpochSecond();
    Map<String, String> headers =
        Map.of(
            "content-type", "application/json",
            "user-agent", "RelayAuth-Webhooks/1",
            "webhook-id", due.id(),
            "webhook-timestamp", Long.toString(now),
            "webhook-signature", due.secret().sign(due.id(), now, due.body()));
    return post.send(due.url(), headers, due.body());
  }
}
