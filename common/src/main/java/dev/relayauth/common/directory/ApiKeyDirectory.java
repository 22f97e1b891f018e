package dev.relayauth.common.directory;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.relayauth.common.event.ApiKeyState;
import dev.relayauth.common.event.CloudEvent;
import dev.relayauth.common.event.EntityKind;
import dev.relayauth.common.event.Topics;
import dev.relayauth.common.json.Json;
import dev.relayauth.common.projection.FeedHandler;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * API keys and workspace tokens by the hash of their secret. A key that the projection doesn't know
 * yet is asked for once; one that nobody knows is remembered as unknown for a moment.
 */
@Singleton
public final class ApiKeyDirectory implements FeedHandler {
  private static final Duration UNKNOWN_FOR = Duration.ofSeconds(2);
  private static final int MAX_UNKNOWN = 10_000;

  private final Map<String, ApiKeyState> byHash = new ConcurrentHashMap<>();
  private final Map<String, String> hashById = new ConcurrentHashMap<>();
  private final Cache<String, Boolean> unknown =
      Caffeine.newBuilder()
          .executor(Runnable::run)
          .maximumSize(MAX_UNKNOWN)
          .expireAfterWrite(UNKNOWN_FOR)
          .build();
  private final ApiKeySource source;

  ApiKeyDirectory(ApiKeySource source) {
    this.source = source;
  }

  @Override
  public String topic() {
    return Topics.IDENTITY;
  }

  @Override
  public void apply(CloudEvent event) {
    byte[] data = event.data();
    if (!EntityKind.API_KEY.owns(event.key())) {
      return;
    }
    if (data == null) {
      String hash = hashById.remove(event.key());
      if (hash != null) {
        byHash.remove(hash);
      }
      return;
    }
    ApiKeyState state = Json.read(data, ApiKeyState.class);
    hashById.put(event.key(), state.hash());
    byHash.merge(state.hash(), state, (old, now) -> now.revision() >= old.revision() ? now : old);
    unknown.invalidate(state.hash());
  }

  /** The key with this hash, from memory, or from its owner when memory doesn't know it. */
  public CompletableFuture<Optional<ApiKeyState>> find(String hash) {
    ApiKeyState known = byHash.get(hash);
    if (known != null) {
      return CompletableFuture.completedFuture(Optional.of(known));
    }
    if (unknown.getIfPresent(hash) != null) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    return source
        .find(hash)
        .thenApply(
            found -> {
              if (found.isEmpty()) {
                unknown.put(hash, true);
              }
              return found;
            });
  }
}
