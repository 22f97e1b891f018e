package dev.relayauth.common.credential;

import dev.relayauth.common.event.RevocationState;
import dev.relayauth.common.event.Topics;
import dev.relayauth.common.freshness.Freshness;
import dev.relayauth.common.internal.InternalClient;
import dev.relayauth.common.json.Json;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Hears of entries from the revocation service the moment they are committed, before the topic
 * brings them. It has no authority: it proves no freshness, moves no sequence, and whatever it
 * misses, the topic brings.
 */
@Singleton
public final class EarlyRevocations {
  /** Where the revocation service tells. */
  public static final String PATH = "/internal/v1/revocations/early";

  private static final Logger LOG = Logger.getLogger(EarlyRevocations.class);
  private static final long RETRY_MILLIS = 500;
  private static final String DATA = "data:";
  private static final String EVENT = "event:";

  /** The event whose data is a sequence that somebody waits for all verifiers to have applied. */
  public static final String AWAITED = "awaited";

  private final InternalClient client;
  private final RevocationProjection revocations;
  private final Freshness freshness;
  private volatile boolean running = true;

  EarlyRevocations(InternalClient client, RevocationProjection revocations, Freshness freshness) {
    this.client = client;
    this.revocations = revocations;
    this.freshness = freshness;
  }

  void start(@Observes StartupEvent event) {
    follow();
  }

  void stop(@Observes ShutdownEvent event) {
    running = false;
  }

  private void follow() {
    if (running) {
      client
          .follow("revocation", PATH, new Lines())
          .whenComplete((ended, failure) -> followAgain(failure == null ? "it ended" : failure));
    }
  }

  private void followAgain(Object why) {
    LOG.debugf("revocations come by the topic alone for a moment: %s", why);
    CompletableFuture.delayedExecutor(RETRY_MILLIS, TimeUnit.MILLISECONDS).execute(this::follow);
  }

  private void apply(String event, String data) {
    if (event.equals(AWAITED)) {
      freshness.acknowledge(Topics.REVOCATION, Long.parseLong(data));
      return;
    }
    byte[] json = data.getBytes(StandardCharsets.UTF_8);
    RevocationState state = Json.read(json, RevocationState.class);
    revocations.set().applyEarly(RevocationProjection.entry(state));
  }

  /** Takes line after line; one that can't be read ends the stream, which then begins again. */
  private final class Lines implements Flow.Subscriber<String> {
    private String event = "";

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(String line) {
      if (line.isEmpty()) {
        event = "";
      } else if (line.startsWith(EVENT)) {
        event = line.substring(EVENT.length()).strip();
      } else if (line.startsWith(DATA)) {
        apply(event, line.substring(DATA.length()).strip());
      }
    }

    @Override
    public void onError(Throwable failure) {
      LOG.debugf("the early stream broke: %s", failure.getMessage());
    }

    @Override
    public void onComplete() {
      LOG.debug("the early stream ended");
    }
  }
}
