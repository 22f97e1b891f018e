package dev.relayauth.revocation.adapter.http;

import dev.relayauth.revocation.domain.feed.Change;
import io.vertx.core.buffer.Buffer;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Writes changes once, for all streams of an organisation that are told of them at once. */
@Singleton
final class ChangeTexts {
  private final Map<String, Text> last = new ConcurrentHashMap<>();

  private record Text(long previous, List<Change> changes, Buffer events) {
    boolean isOf(List<Change> wanted, long before) {
      return previous == before && changes.equals(wanted);
    }
  }

  /** The events of an organisation's changes, which come after the one at {@code previous}. */
  Buffer of(String org, List<Change> changes, long previous) {
    Text known = last.get(org);
    if (known != null && known.isOf(changes, previous)) {
      return known.events();
    }
    Text made = new Text(previous, List.copyOf(changes), EventTexts.changes(changes, previous));
    last.put(org, made);
    return made.events();
  }

  /** An organisation has no streams any more. */
  void forget(String org) {
    last.remove(org);
  }
}
