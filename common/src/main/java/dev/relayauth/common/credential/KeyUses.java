package dev.relayauth.common.credential;

import dev.relayauth.common.event.ApiKeyState;
import dev.relayauth.common.internal.InternalClient;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Tells the identity service when API keys were presented here: each key once a minute, many in one
 * call, off the path of every request. A use costs that request one look-up in a map.
 */
@Singleton
public final class KeyUses {
  private static final Logger LOG = Logger.getLogger(KeyUses.class);
  private static final long EVERY_SECONDS = 60;
  private static final int MAX_REMEMBERED = 100_000;
  private static final int MAX_REPORTED = 1_000;

  private final InternalClient client;
  private final Map<String, Long> noted = new ConcurrentHashMap<>();
  private final Map<String, Use> waiting = new ConcurrentHashMap<>();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("key-uses").factory());

  KeyUses(InternalClient client) {
    this.client = client;
  }

  /** A key that was presented. */
  public record Use(String orgId, String id, Instant at) {}

  /** What is reported. */
  public record Report(List<Use> uses) {}

  void start(@Observes StartupEvent event) {
    timer.scheduleWithFixedDelay(this::report, 1, 1, TimeUnit.SECONDS);
  }

  void stop(@Observes ShutdownEvent event) {
    timer.shutdownNow();
  }

  /** Takes note of a use. */
  void note(ApiKeyState key, Instant now) {
    Long last = noted.get(key.id());
    if (last != null && now.getEpochSecond() - last < EVERY_SECONDS) {
      return;
    }
    if (noted.size() >= MAX_REMEMBERED) {
      noted.clear();
    }
    noted.put(key.id(), now.getEpochSecond());
    if (waiting.size() < MAX_REMEMBERED) {
      waiting.put(key.id(), new Use(key.orgId(), key.id(), now));
    }
  }

  private void report() {
    List<Use> uses = waiting.values().stream().limit(MAX_REPORTED).toList();
    if (uses.isEmpty()) {
      return;
    }
    try {
      InternalClient.Reply reply =
          client
              .post("identity", "/internal/v1/api-key-uses", new Report(uses))
              .get(5, TimeUnit.SECONDS);
      if (reply.isSuccess()) {
        uses.forEach(use -> waiting.remove(use.id(), use));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
      // They wait for the next round: when a key was last used is worth no alarm.
      LOG.debugf("uses of keys wait to be reported: %s", e.getMessage());
    }
  }
}
