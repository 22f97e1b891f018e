package dev.relayauth.revocation.adapter.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The events of one stream on their way to its client, in the order in which they are written. A
 * client that doesn't take them in time is cut off.
 */
final class EventWriter {
  private final HttpServerResponse response;
  private final int most;
  private final AtomicInteger waiting = new AtomicInteger();

  /**
   * A writer of an answer that nobody else writes.
   *
   * @param most how many writes may wait for the client
   */
  EventWriter(HttpServerResponse response, int most) {
    this.response = response;
    this.most = most;
    response
        .setChunked(true)
        .putHeader("content-type", "text/event-stream")
        .putHeader("cache-control", "no-store")
        .putHeader("x-accel-buffering", "no");
  }

  /** Writes events, whose bytes other streams may share. */
  void write(Buffer events) {
    if (response.closed() || response.ended()) {
      return;
    }
    if (waiting.incrementAndGet() > most) {
      response.reset();
      return;
    }
    response.write(events).onComplete(written -> waiting.decrementAndGet());
  }

  /** Ends the answer after what was written. */
  void end() {
    if (!response.closed() && !response.ended()) {
      response.end();
    }
  }
}
