package dev.relayauth.common.credential;

import dev.relayauth.common.event.CloudEvent;
import dev.relayauth.common.event.RevocationState;
import dev.relayauth.common.event.Topics;
import dev.relayauth.common.json.Json;
import dev.relayauth.common.projection.FeedHandler;
import dev.relayauth.common.revocation.RevocationEntry;
import dev.relayauth.common.revocation.RevocationKind;
import dev.relayauth.common.revocation.RevocationSet;
import jakarta.inject.Singleton;

/** The revocation set of this replica, from the revocation topic. */
@Singleton
public final class RevocationProjection implements FeedHandler {
  /** The key of the record that carries the head of the feed past tombstones. */
  public static final String HEAD_KEY = "-/head/-";

  private final RevocationSet set = new RevocationSet();

  @Override
  public String topic() {
    return Topics.REVOCATION;
  }

  @Override
  public void apply(CloudEvent event) {
    if (event.key().equals(HEAD_KEY)) {
      return;
    }
    byte[] data = event.data();
    if (data == null) {
      // org/kind/id; an organisation may be empty (signing keys), an id has no slash.
      String[] parts = event.key().split("/", 3);
      set.remove(parts[0], kind(parts[1]), parts[2], event.sequence());
      return;
    }
    set.apply(entry(Json.read(data, RevocationState.class)));
  }

  /** The set itself, for lock-free reads. */
  public RevocationSet set() {
    return set;
  }

  /** The entry that a published state stands for. */
  public static RevocationEntry entry(RevocationState state) {
    return new RevocationEntry(
        state.orgId(),
        kind(state.type()),
        state.targetId(),
        state.revision(),
        state.closed(),
        state.expiresAt());
  }

  private static RevocationKind kind(String wireName) {
    return RevocationKind.ofWireName(wireName)
        .orElseThrow(() -> new IllegalArgumentException("no such kind of revocation"));
  }
}
