package dev.relayauth.revocation.adapter.http;

import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.http.RequiresScope;
import dev.relayauth.common.http.Violations;
import dev.relayauth.revocation.adapter.postgres.PostgresSignalStreams;
import dev.relayauth.revocation.adapter.postgres.SignalQueue;
import dev.relayauth.revocation.adapter.postgres.SignalQueue.Waiting;
import dev.relayauth.revocation.adapter.signal.SignedEvents;
import dev.relayauth.revocation.config.SignalConfig;
import dev.relayauth.revocation.domain.signal.SignalStream;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Hands events to receivers that poll (RFC 8936). */
@Path("/ssf/v1/poll")
@RunOnVirtualThread
public final class SignalPollResource {
  private static final Logger LOG = Logger.getLogger(SignalPollResource.class);
  private static final int MOST = 100;
  private static final int MAX_ACKS = 1_000;
  private static final int MAX_WAITING = 64;
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  private final PostgresSignalStreams streams;
  private final SignalQueue queue;
  private final SignedEvents signed;
  private final CurrentRequest request;
  private final SignalConfig config;
  private final Semaphore patient = new Semaphore(MAX_WAITING);

  SignalPollResource(
      PostgresSignalStreams streams,
      SignalQueue queue,
      SignedEvents signed,
      CurrentRequest request,
      SignalConfig config) {
    this.streams = streams;
    this.queue = queue;
    this.signed = signed;
    this.request = request;
    this.config = config;
  }

  /** What the receiver has, and wants (RFC 8936 §2.2). */
  public record Poll(
      @Nullable Integer maxEvents,
      @Nullable Boolean returnImmediately,
      @Nullable List<String> ack,
      @Nullable Map<String, Object> setErrs) {
    private List<String> done() {
      List<String> all = new ArrayList<>(ack == null ? List.of() : ack);
      all.addAll(setErrs == null ? List.of() : setErrs.keySet());
      return all;
    }

    private int most() {
      return maxEvents == null ? MOST : Math.min(maxEvents, MOST);
    }
  }

  /** The events, by their {@code jti} (RFC 8936 §2.3). */
  public record Events(Map<String, String> sets, boolean moreAvailable) {}

  /**
   * Takes what is acknowledged away and returns what waits, and waits for it unless told not to.
   */
  @POST
  @Path("/{stream}")
  @RequiresScope("relayauth:revocation:manage")
  public Events poll(@PathParam("stream") String id, @Nullable Poll body) {
    Poll poll = body == null ? new Poll(null, null, null, null) : body;
    new Violations()
        .check(poll.maxEvents() == null || poll.maxEvents() >= 0, "/maxEvents", "is negative")
        .list(poll.ack(), "/ack", MAX_ACKS)
        .check(poll.setErrs() == null || poll.setErrs().size() <= MAX_ACKS, "/setErrs", "is long")
        .throwIfAny();
    SignalStream stream =
        streams
            .find(request.tenant().org(), id)
            .filter(found -> found.endpoint() == null)
            .orElseThrow(SignalStreamResource::unknown);
    acknowledge(stream, poll);
    if (stream.status() == SignalStream.Status.PAUSED) {
      return new Events(Map.of(), false);
    }
    // RFC 8936 §2.4: who wants none may still acknowledge, and hears whether some wait.
    if (poll.most() == 0) {
      return new Events(Map.of(), !queue.next(stream.id(), 1).isEmpty());
    }
    List<Waiting> waiting = await(stream, poll);
    boolean more = waiting.size() > poll.most();
    List<Waiting> sent = more ? waiting.subList(0, poll.most()) : waiting;
    return new Events(signed.sign(stream, sent), more);
  }

  private void acknowledge(SignalStream stream, Poll poll) {
    if (poll.setErrs() != null && !poll.setErrs().isEmpty()) {
      LOG.warnf("stream %s: the receiver refused %d events", stream.id(), poll.setErrs().size());
    }
    List<String> done = poll.done();
    if (!done.isEmpty()) {
      queue.acknowledge(stream.id(), done);
    }
  }

  private List<Waiting> await(SignalStream stream, Poll poll) {
    boolean once = Optional.ofNullable(poll.returnImmediately()).orElse(false);
    List<Waiting> waiting = queue.next(stream.id(), poll.most() + 1);
    // RFC 8936 §2.4: an answer without events ends the wait at any time.
    if (once || !waiting.isEmpty() || !patient.tryAcquire()) {
      return waiting;
    }
    try {
      long giveUp = System.nanoTime() + config.longestPoll().toNanos();
      while (waiting.isEmpty() && System.nanoTime() - giveUp < 0) {
        LockSupport.parkNanos(LOOK_NANOS);
        waiting = queue.next(stream.id(), poll.most() + 1);
      }
      return waiting;
    } finally {
      patient.release();
    }
  }
}
