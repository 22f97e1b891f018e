package dev.relayauth.identity.adapter.internal;

import dev.relayauth.common.directory.ApiKeySource;
import dev.relayauth.common.event.ApiKeyState;
import dev.relayauth.identity.adapter.postgres.ApiKeyAdministration;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** This service owns the keys: it asks its own database, off the event loop. */
@Singleton
public final class OwnApiKeySource implements ApiKeySource {
  private final Instance<ApiKeyAdministration> keys;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

  OwnApiKeySource(Instance<ApiKeyAdministration> keys) {
    this.keys = keys;
  }

  @Override
  public CompletableFuture<Optional<ApiKeyState>> find(String hash) {
    return CompletableFuture.supplyAsync(() -> keys.get().byHash(hash), executor);
  }
}
