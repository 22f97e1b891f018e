package dev.relayauth.audit.adapter.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.relayauth.audit.config.AuditConfig;
import dev.relayauth.audit.domain.log.AuditEntry;
import dev.relayauth.audit.domain.log.AuditFilter;
import dev.relayauth.audit.domain.log.AuditLog;
import dev.relayauth.audit.domain.stream.Listeners;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.json.Json;
import dev.relayauth.common.outbox.StorageException;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Server-sent events of one client: it reads from the log only what the client has room for, so
 * that a slow one costs no memory. The id of an event is its leaf's index; an id that no tree of
 * ours has had is answered with a {@code reset}. Nothing is sent to a credential that is known here
 * to be dead; its stream ends.
 */
final class EventStream implements StreamingOutput {
  private static final int PAGE = 100;

  private final Source source;
  private final Listeners.Listener listener;
  private final LiveCredential credential;
  private final AuditConfig.Stream config;
  private final Start start;
  private long last;

  EventStream(
      Source source,
      Listeners.Listener listener,
      LiveCredential credential,
      AuditConfig.Stream config,
      Start start) {
    this.source = source;
    this.listener = listener;
    this.credential = credential;
    this.config = config;
    this.start = start;
    this.last = start.after();
  }

  /** Where events come from. */
  record Source(AuditLog log, Listeners listeners, String org, AuditFilter filter) {
    List<AuditEntry> after(long leaf) {
      return log.after(org, filter, AuditEntry.Arrival.afterLeaf(leaf), PAGE);
    }
  }

  /** Where the stream begins, and whether that is not where the client asked for. */
  record Start(long after, boolean reset) {}

  @Override
  public void write(OutputStream out) throws IOException {
    try (listener) {
      send(out, start.reset() ? "event: reset\ndata: {}\n\n" : ": connected\n\n");
      follow(out);
    } catch (StorageException e) {
      // The client comes back with the id of its last event.
      end(out, ErrorCode.STORAGE_UNAVAILABLE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void follow(OutputStream out) throws IOException, InterruptedException {
    long sentAt = System.nanoTime();
    boolean mayHaveGrown = true;
    while (!source.listeners().isClosed()) {
      List<AuditEntry> entries = mayHaveGrown ? source.after(last) : List.of();
      // After they were read: a credential that is dead by now gets none of them.
      Optional<ErrorCode> refusal = credential.refusal();
      if (refusal.isPresent()) {
        end(out, refusal.get());
        return;
      }
      if (!entries.isEmpty()) {
        send(out, entries);
        sentAt = System.nanoTime();
        continue;
      }
      if (System.nanoTime() - sentAt >= config.heartbeat().toNanos()) {
        send(out, ": heartbeat\n\n");
        sentAt = System.nanoTime();
      }
      mayHaveGrown = listener.await(config.recheck());
    }
  }

  private void send(OutputStream out, List<AuditEntry> entries) throws IOException {
    ByteArrayOutputStream events = new ByteArrayOutputStream(PAGE * 512);
    for (AuditEntry entry : entries) {
      String head = "id: " + entry.leaf().index() + "\nevent: " + line(entry) + "\ndata: ";
      events.writeBytes(head.getBytes(UTF_8));
      events.writeBytes(Json.write(EntryView.of(entry)));
      events.writeBytes("\n\n".getBytes(UTF_8));
    }
    out.write(events.toByteArray());
    out.flush();
    last = entries.getLast().leaf().index();
  }

  /** An action comes from a topic: it must not end the line of its event. */
  private static String line(AuditEntry entry) {
    return entry.content().action().replaceAll("[\\r\\n]", " ");
  }

  private static void end(OutputStream out, ErrorCode code) throws IOException {
    String data = new String(Json.write(Map.of("code", code.slug())), UTF_8);
    send(out, "event: end\ndata: " + data + "\n\n");
  }

  private static void send(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(UTF_8));
    out.flush();
  }
}
