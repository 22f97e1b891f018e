package dev.relayauth.revocation.adapter.signal;

import dev.relayauth.common.internal.ServiceUnavailableException;
import dev.relayauth.common.outbound.OutboundPost;
import dev.relayauth.common.outbox.StorageException;
import dev.relayauth.revocation.adapter.postgres.PushClaims;
import dev.relayauth.revocation.adapter.postgres.SignalQueue;
import dev.relayauth.revocation.adapter.postgres.SignalQueue.Waiting;
import dev.relayauth.revocation.config.SignalConfig;
import dev.relayauth.revocation.domain.signal.SignalStream;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Pushes events to their receivers (RFC 8935), each receiver's in order and at least once. One that
 * doesn't take them is tried again, later each time; its events wait.
 */
@Singleton
public final class SignalPusher {
  private static final Logger LOG = Logger.getLogger(SignalPusher.class);
  private static final int BATCH = 50;

  private final PushClaims claims;
  private final SignalQueue queue;
  private final SignedEvents signed;
  private final OutboundPost post;
  private final SignalConfig config;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("signals").factory());

  SignalPusher(
      PushClaims claims,
      SignalQueue queue,
      SignedEvents signed,
      OutboundPost post,
      SignalConfig config) {
    this.claims = claims;
    this.queue = queue;
    this.signed = signed;
    this.post = post;
    this.config = config;
  }

  void start(@Observes StartupEvent event) {
    long every = config.pushEvery().toMillis();
    timer.scheduleWithFixedDelay(this::round, every, every, TimeUnit.MILLISECONDS);
  }

  void stop(@Observes ShutdownEvent event) {
    timer.shutdownNow();
  }

  private void round() {
    try {
      claims
          .claim()
          .forEach(stream -> Thread.ofVirtual().name("signals").start(() -> push(stream)));
    } catch (RuntimeException e) {
      LOG.warnf("signals wait: %s", e.getMessage());
    }
  }

  private void push(SignalStream stream) {
    try {
      if (pushAll(stream)) {
        claims.release(stream);
      } else {
        claims.postpone(stream);
      }
    } catch (StorageException | ServiceUnavailableException e) {
      // The lease runs out, and what was not acknowledged is sent again.
      LOG.warnf("the events of stream %s wait: %s", stream.id(), e.getMessage());
    }
  }

  /** Sends one batch; false as soon as the receiver doesn't take one. */
  private boolean pushAll(SignalStream stream) {
    List<Waiting> waiting = queue.next(stream.id(), BATCH);
    for (Map.Entry<String, String> event : signed.sign(stream, waiting).entrySet()) {
      if (!isTaken(stream, event.getValue())) {
        return false;
      }
      queue.acknowledge(stream.id(), List.of(event.getKey()));
    }
    return true;
  }

  private boolean isTaken(SignalStream stream, String token) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("content-type", "application/secevent+jwt");
    headers.put("accept", "application/json");
    headers.put("user-agent", "RelayAuth-Signals/1");
    if (stream.authorization() != null) {
      headers.put("authorization", stream.authorization());
    }
    String endpoint = Objects.requireNonNull(stream.endpoint());
    return switch (post.send(endpoint, headers, token)) {
      case OutboundPost.Outcome.Answered answer -> {
        LOG.debugf("stream %s: the receiver answered %d", stream.id(), answer.status());
        yield answer.isSuccess();
      }
      case OutboundPost.Outcome.Unanswered none -> {
        LOG.debugf("stream %s: %s", stream.id(), none.why());
        yield false;
      }
    };
  }
}
