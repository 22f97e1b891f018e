package dev.relayauth.common.directory;

import dev.relayauth.common.event.ApiKeyState;
import dev.relayauth.common.internal.InternalClient;
import dev.relayauth.common.json.Json;
import io.quarkus.arc.DefaultBean;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Asks the identity service. */
@Singleton
@DefaultBean
public final class RemoteApiKeySource implements ApiKeySource {
  private final InternalClient client;

  RemoteApiKeySource(InternalClient client) {
    this.client = client;
  }

  @Override
  public CompletableFuture<Optional<ApiKeyState>> find(String hash) {
    return client
        .get("identity", "/internal/v1/api-keys/" + hash)
        .thenApply(
            reply -> reply.found("identity").map(body -> Json.read(body, ApiKeyState.class)));
  }
}
