package dev.relayauth.common.directory;

import dev.relayauth.common.event.ApiKeyState;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Where a key is looked up that memory doesn't know. */
@FunctionalInterface
public interface ApiKeySource {
  /** The key with this hash; fails when its owner is away. */
  CompletableFuture<Optional<ApiKeyState>> find(String hash);
}
