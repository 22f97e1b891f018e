package dev.relayauth.revocation.adapter.http;

import dev.relayauth.common.credential.PresentedCredential;
import dev.relayauth.revocation.domain.feed.Backlog;
import dev.relayauth.revocation.domain.feed.Change;
import io.smallrye.mutiny.subscription.MultiEmitter;
import jakarta.ws.rs.sse.OutboundSseEvent;
import java.util.List;

/** One open stream. What it can't take in time ends it: its client resumes from where it was. */
final class Subscriber {
  private final String org;
  private final PresentedCredential credential;
  private final MultiEmitter<? super OutboundSseEvent> emitter;
  private final StreamEvents events;
  private final Backlog backlog;
  private boolean begun;

  Subscriber(
      String org,
      PresentedCredential credential,
      MultiEmitter<? super OutboundSseEvent> emitter,
      StreamEvents events,
      int buffer) {
    this.org = org;
    this.credential = credential;
    this.emitter = emitter;
    this.events = events;
    this.backlog = new Backlog(buffer, change -> emitter.emit(events.change(change)));
  }

  String org() {
    return org;
  }

  PresentedCredential credential() {
    return credential;
  }

  /** Something changed. */
  void live(Change change) {
    if (change.concerns(org)) {
      synchronized (this) {
        backlog.live(change);
      }
    }
  }

  /** Begins with what changed after a place. */
  synchronized void resume(long place, List<Change> missed) {
    begin(events.ready(place), missed);
  }

  /** Begins anew at a place. */
  synchronized void reset(long place) {
    begin(events.reset(place), List.of());
  }

  private void begin(OutboundSseEvent first, List<Change> missed) {
    emitter.emit(first);
    begun = true;
    if (!backlog.join(missed)) {
      end();
    }
  }

  /** Says that all up to {@code head} has been told. */
  synchronized void heartbeat(long head) {
    if (begun) {
      emitter.emit(events.heartbeat(head));
    }
  }

  void end() {
    emitter.complete();
  }
}
