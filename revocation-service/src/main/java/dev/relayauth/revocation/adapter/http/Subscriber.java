package dev.relayauth.revocation.adapter.http;

import dev.relayauth.common.credential.PresentedCredential;
import dev.relayauth.revocation.domain.feed.Backlog;
import dev.relayauth.revocation.domain.feed.Change;
import java.util.ArrayList;
import java.util.List;

/** One open stream. What it can't take in time ends it: its client resumes from where it was. */
final class Subscriber {
  private final String org;
  private final PresentedCredential credential;
  private final EventWriter writer;
  private final ChangeTexts texts;
  private final Backlog backlog;
  private final List<Change> due = new ArrayList<>();
  private long place;
  private boolean begun;

  Subscriber(
      String org,
      PresentedCredential credential,
      EventWriter writer,
      ChangeTexts texts,
      int buffer) {
    this.org = org;
    this.credential = credential;
    this.writer = writer;
    this.texts = texts;
    this.backlog = new Backlog(buffer, due::add);
  }

  String org() {
    return org;
  }

  PresentedCredential credential() {
    return credential;
  }

  /** Something changed. */
  synchronized void live(List<Change> changes) {
    for (Change change : changes) {
      if (change.concerns(org)) {
        backlog.live(change);
      }
    }
    flush();
  }

  /** Begins with what changed after a place. */
  synchronized void resume(long from, List<Change> missed) {
    begin("ready", from, missed);
  }

  /**
   * Begins anew at a place: what changed before it can't be told, and a snapshot must be loaded.
   */
  synchronized void reset(long from) {
    begin("reset", from, List.of());
  }

  private void begin(String name, long from, List<Change> missed) {
    place = from;
    writer.write(EventTexts.at(name, from));
    begun = true;
    boolean whole = backlog.join(missed);
    flush();
    if (!whole) {
      end();
    }
  }

  /** All that is due in one go. */
  private void flush() {
    if (!due.isEmpty()) {
      writer.write(texts.of(org, due, place));
      place = due.getLast().seq();
      due.clear();
    }
  }

  /** Says that all up to {@code head} has been told. */
  synchronized void heartbeat(long head) {
    if (begun) {
      writer.write(EventTexts.heartbeat(head));
    }
  }

  /** Ends the stream after what it was told. */
  synchronized void end() {
    writer.end();
  }
}
