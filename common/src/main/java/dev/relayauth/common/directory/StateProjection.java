package dev.relayauth.common.directory;

import dev.relayauth.common.event.CloudEvent;
import dev.relayauth.common.event.EntityKind;
import dev.relayauth.common.json.Json;
import dev.relayauth.common.projection.FeedHandler;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToLongFunction;

/**
 * The states of one kind of entity, from the compacted topic that carries them in full. The newest
 * revision of each counts, whatever the order in which records come; a tombstone takes it away.
 */
public abstract class StateProjection<S> implements FeedHandler {
  private final String topic;
  private final EntityKind kind;
  private final Class<S> type;
  private final ToLongFunction<S> revision;
  private final Map<String, S> byKey = new ConcurrentHashMap<>();

  /** A projection of {@code kind}, whose states are {@code type} and say their revision. */
  protected StateProjection(
      String topic, EntityKind kind, Class<S> type, ToLongFunction<S> revision) {
    this.topic = topic;
    this.kind = kind;
    this.type = type;
    this.revision = revision;
  }

  @Override
  public final String topic() {
    return topic;
  }

  @Override
  public final void apply(CloudEvent event) {
    if (!kind.owns(event.key())) {
      return;
    }
    byte[] data = event.data();
    if (data == null) {
      byKey.remove(event.key());
      return;
    }
    byKey.merge(event.key(), Json.read(data, type), this::newer);
  }

  private S newer(S known, S added) {
    return revision.applyAsLong(added) >= revision.applyAsLong(known) ? added : known;
  }

  /** The state of an entity as it came, one that says it is deleted included. */
  protected final Optional<S> state(String org, String id) {
    return Optional.ofNullable(byKey.get(kind.key(org, id)));
  }

  /** How many entities it holds. */
  public final int size() {
    return byKey.size();
  }
}
