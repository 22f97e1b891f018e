package dev.relayauth.revocation;

import dev.relayauth.common.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A client of an event stream that reads as the standard says, and keeps what it has read. */
final class EventStream implements AutoCloseable {
  private final HttpClient client = HttpClient.newHttpClient();
  private final HttpResponse<Stream<String>> response;
  private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();

  /** An event; the last is called {@code end}. */
  record Event(String name, @Nullable String id, Map<String, Object> data) {
    long number(String member) {
      return ((Number) data.get(member)).longValue();
    }
  }

  EventStream(String url, String key, @Nullable String lastEventId) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url))
            .header("x-api-key", key)
            .header("accept", "text/event-stream");
    if (lastEventId != null) {
      request.header("Last-Event-ID", lastEventId);
    }
    try {
      response = client.send(request.build(), BodyHandlers.ofLines());
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
    if (response.statusCode() == 200) {
      Thread.startVirtualThread(this::read);
    }
  }

  int status() {
    return response.statusCode();
  }

  String header(String name) {
    return response.headers().firstValue(name).orElse("");
  }

  /** The next event that is no heartbeat. */
  Event next() {
    Event event = any();
    while (event.name.equals("heartbeat")) {
      event = any();
    }
    return event;
  }

  /** The next event. */
  Event any() {
    try {
      Event event = events.poll(20, TimeUnit.SECONDS);
      if (event == null) {
        throw new IllegalStateException("no event in time");
      }
      return event;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }

  private void read() {
    try {
      String name = "";
      String id = null;
      StringBuilder data = new StringBuilder();
      for (Iterator<String> lines = response.body().iterator(); lines.hasNext(); ) {
        String line = lines.next();
        if (line.isEmpty() && !data.isEmpty()) {
          events.add(new Event(name, id, parse(data.toString())));
          data.setLength(0);
        } else if (line.startsWith("event:")) {
          name = line.substring(6).strip();
        } else if (line.startsWith("id:")) {
          id = line.substring(3).strip();
        } else if (line.startsWith("data:")) {
          data.append(line.substring(5).strip());
        }
      }
    } catch (RuntimeException e) {
      // The connection broke: the stream is at its end as well.
    }
    events.add(new Event("end", null, Map.of()));
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> parse(String json) {
    return Json.read(json.getBytes(StandardCharsets.UTF_8), Map.class);
  }
}
