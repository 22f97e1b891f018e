package dev.relayauth.revocation.adapter.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.relayauth.common.json.Json;
import dev.relayauth.revocation.adapter.http.StreamEvents.Changed;
import dev.relayauth.revocation.domain.feed.Change;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** Writes each change once, for all streams that are told of it after the same one before. */
@Singleton
final class ChangeTexts {
  private volatile @Nullable Text last;

  private record Text(Change change, long previous, String json) {}

  /** The data of the event, where the change before it has the place {@code previous}. */
  String of(Change change, long previous) {
    Text known = last;
    if (known != null && known.change() == change && known.previous() == previous) {
      return known.json();
    }
    String json = new String(Json.write(Changed.of(change, previous)), UTF_8);
    last = new Text(change, previous, json);
    return json;
  }
}
