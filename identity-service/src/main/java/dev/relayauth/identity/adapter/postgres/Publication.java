package dev.relayauth.identity.adapter.postgres;

import dev.relayauth.common.event.CloudEvent;
import dev.relayauth.common.event.EntityKind;
import dev.relayauth.common.event.Topics;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.id.IdSource;
import dev.relayauth.common.json.Json;
import dev.relayauth.common.outbox.OutboxEvent;
import dev.relayauth.common.outbox.Transaction;
import jakarta.inject.Singleton;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** Appends the new state of an aggregate to the transaction that changes it. */
@Singleton
public final class Publication {
  private static final String SOURCE = "/relayauth/identity";

  private final IdSource ids;

  Publication(IdSource ids) {
    this.ids = ids;
  }

  /** Publishes the state that {@code state} makes of the event's own sequence. */
  public void publish(
      Transaction tx,
      EntityKind kind,
      String pastTense,
      String org,
      String id,
      CurrentRequest request,
      LongFunction<Object> state) {
    publish(tx, kind, pastTense, org, id, request.traceparent(), state);
  }

  /** Publishes what no request asked for. */
  void publish(
      Transaction tx,
      EntityKind kind,
      String pastTense,
      String org,
      String id,
      @Nullable String traceparent,
      LongFunction<Object> state) {
    OutboxEvent event =
        new OutboxEvent(
            Topics.IDENTITY,
            kind.key(org, id),
            ids.next(IdPrefix.EVENT),
            SOURCE,
            CloudEvent.type(kind.wireName(), pastTense),
            id,
            tx.clock().instant(),
            traceparent);
    tx.publish(event, sequence -> Json.write(state.apply(sequence)));
  }
}
