package dev.relayauth.revocation.adapter.http;

import dev.relayauth.common.credential.Authentication;
import dev.relayauth.common.credential.CredentialVerifier;
import dev.relayauth.common.credential.PresentedCredential;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.event.Topics;
import dev.relayauth.common.outbox.FeedHeads;
import dev.relayauth.common.outbox.StorageException;
import dev.relayauth.revocation.adapter.postgres.PostgresChanges;
import dev.relayauth.revocation.config.RevocationConfig;
import dev.relayauth.revocation.domain.feed.Change;
import dev.relayauth.revocation.domain.feed.Changes;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The open streams: so many an organisation, told how far the feed is, closed with their
 * credential.
 */
@Singleton
final class RevocationStreams {
  private static final Logger LOG = Logger.getLogger(RevocationStreams.class);
  private static final int MAX_MISSED = 10_000;
  private static final Duration SOON = Duration.ofSeconds(1);

  private final PostgresChanges changes;
  private final FeedHeads heads;
  private final CredentialVerifier credentials;
  private final RevocationConfig config;
  private final ChangeTexts texts;
  private final Set<Subscriber> open = ConcurrentHashMap.newKeySet();
  private final Map<String, Integer> byOrganization = new ConcurrentHashMap<>();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("revocation-heartbeat").factory());

  RevocationStreams(
      PostgresChanges changes,
      FeedHeads heads,
      CredentialVerifier credentials,
      RevocationConfig config,
      ChangeTexts texts,
      MeterRegistry metrics) {
    this.changes = changes;
    this.heads = heads;
    this.credentials = credentials;
    this.config = config;
    this.texts = texts;
    metrics.gaugeCollectionSize("relayauth.revocation.streams", List.of(), open);
  }

  void start(@Observes StartupEvent event) {
    long every = config.heartbeat().toMillis();
    timer.scheduleWithFixedDelay(this::beat, every, every, TimeUnit.MILLISECONDS);
  }

  void stop(@Observes ShutdownEvent event) {
    timer.shutdownNow();
    open.forEach(Subscriber::end);
  }

  /**
   * Opens a stream, or refuses with 429 when the organisation has enough.
   *
   * @param after the last event that the client has seen
   * @return completes when the stream has ended
   */
  CompletionStage<Void> open(
      RoutingContext exchange, String org, PresentedCredential credential, @Nullable String after) {
    int most = config.streamsPerOrganization();
    if (byOrganization.merge(org, 1, Integer::sum) > most) {
      leave(org);
      // One of them may end at any moment.
      throw RefusedException.rateLimited(
          "the organisation has " + most + " streams open already", most, 1);
    }
    int buffer = config.streamBuffer();
    Subscriber subscriber =
        new Subscriber(
            org, credential, new EventWriter(exchange.response(), buffer), texts, buffer);
    Changes.Following following = changes.follow(subscriber::live);
    open.add(subscriber);
    CompletableFuture<Void> ended = new CompletableFuture<>();
    exchange.addEndHandler(
        gone -> {
          following.stop().run();
          open.remove(subscriber);
          leave(org);
          ended.complete(null);
        });
    Thread.startVirtualThread(() -> position(subscriber, after, following.from()));
    return ended;
  }

  private void leave(String org) {
    if (byOrganization.computeIfPresent(org, (key, count) -> count == 1 ? null : count - 1)
        == null) {
      texts.forget(org);
    }
  }

  private void position(Subscriber subscriber, @Nullable String after, long now) {
    try {
      if (after == null) {
        subscriber.resume(now, List.of());
        return;
      }
      long place = place(after);
      List<Change> missed =
          place < changes.floor() || place > now
              ? List.of()
              : changes.since(subscriber.org(), place, MAX_MISSED);
      // Read after the floor was: what the floor passed meanwhile may be missing.
      if (place < changes.floor() || place > now || missed.size() == MAX_MISSED) {
        subscriber.reset(now);
      } else {
        subscriber.resume(place, missed);
      }
    } catch (StorageException e) {
      LOG.debugf("a stream can't begin: %s", e.getMessage());
      subscriber.end();
    }
  }

  private static long place(String id) {
    try {
      return Long.parseLong(id);
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  private void beat() {
    if (open.isEmpty()) {
      return;
    }
    List<Subscriber> present = List.copyOf(open);
    try {
      // Only those who were here before the head was read have been told of everything up to it.
      long head = heads.read(Topics.REVOCATION);
      changes
          .toldOf(head, SOON)
          .thenAccept(
              told -> {
                if (told) {
                  present.stream()
                      .collect(Collectors.groupingBy(Subscriber::credential))
                      .forEach((credential, streams) -> check(credential, streams, head));
                }
              });
    } catch (StorageException e) {
      // Without heartbeats the clients' bound runs out, and they deny: that is what it is for.
      LOG.warnf("no heartbeat: %s", e.getMessage());
    }
  }

  private void check(PresentedCredential credential, List<Subscriber> streams, long head) {
    CompletableFuture<Authentication> checked = credentials.verify(credential);
    checked.whenComplete(
        (authentication, failure) -> {
          if (authentication instanceof Authentication.Rejected) {
            streams.forEach(Subscriber::end);
          } else if (failure == null) {
            streams.forEach(subscriber -> subscriber.heartbeat(head));
          }
        });
  }
}
