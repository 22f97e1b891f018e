package dev.relayauth.policy.adapter.internal;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.internal.InternalClient;
import dev.relayauth.common.internal.ServiceUnavailableException;
import dev.relayauth.common.json.Json;
import dev.relayauth.policy.adapter.kafka.AgentProjection;
import dev.relayauth.policy.domain.decision.Agent;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;

/**
 * Identities with their ancestors: from memory, or from the identity service when one is so new
 * that its event isn't here yet. What nobody knows is remembered as unknown for a moment; ids are
 * never chosen by clients, so none can become known in between.
 */
@Singleton
public final class AgentChains {
  private static final Pattern ID = Pattern.compile("[a-z]{2,10}_[A-Za-z0-9_-]{1,64}");
  private static final Duration UNKNOWN_FOR = Duration.ofSeconds(1);
  private static final int MAX_UNKNOWN = 10_000;

  private final AgentProjection projection;
  private final InternalClient client;
  private final Cache<String, Boolean> unknown =
      Caffeine.newBuilder()
          .executor(Runnable::run)
          .maximumSize(MAX_UNKNOWN)
          .expireAfterWrite(UNKNOWN_FOR)
          .build();

  AgentChains(AgentProjection projection, InternalClient client) {
    this.projection = projection;
    this.client = client;
  }

  private record Reply(List<IdentityState> chain) {}

  /**
   * The identity after its ancestors, the topmost agent first; empty when there is none. Fails when
   * the identity service had to be asked and is away.
   */
  public CompletableFuture<List<Agent>> find(String org, String id) {
    Optional<List<Agent>> known = projection.chain(org, id);
    if (known.isPresent()) {
      return CompletableFuture.completedFuture(known.get());
    }
    String key = org + "/" + id;
    if (!ID.matcher(id).matches() || unknown.getIfPresent(key) != null) {
      return CompletableFuture.completedFuture(List.of());
    }
    return client
        .get("identity", "/internal/v1/identities/" + org + "/" + id + "/chain")
        .thenApply(reply -> read(reply, key));
  }

  private List<Agent> read(InternalClient.Reply reply, String key) {
    Optional<byte[]> found = reply.found("identity");
    if (found.isEmpty()) {
      unknown.put(key, true);
      return List.of();
    }
    return Json.read(found.get(), Reply.class).chain().stream().map(Agent::new).toList();
  }

  /**
   * The same, for a thread that may wait.
   *
   * @throws ServiceUnavailableException when the identity service had to be asked and is away
   */
  public List<Agent> await(String org, String id) {
    try {
      return find(org, id).get();
    } catch (ExecutionException e) {
      throw new ServiceUnavailableException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServiceUnavailableException(e);
    }
  }
}
