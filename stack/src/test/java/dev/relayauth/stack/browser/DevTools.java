package dev.relayauth.stack.browser;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One connection of the Chrome DevTools Protocol. */
final class DevTools implements WebSocket.Listener {
  private static final long PATIENCE_SECONDS = 60;

  private final HttpClient client = HttpClient.newHttpClient();
  private final Map<Integer, CompletableFuture<JsonObject>> waiting = new ConcurrentHashMap<>();
  private final AtomicInteger numbers = new AtomicInteger();
  private final StringBuilder partial = new StringBuilder();
  private final Consumer<JsonObject> events;
  private @Nullable WebSocket socket;

  private DevTools(Consumer<JsonObject> events) {
    this.events = events;
  }

  static DevTools connect(URI address, Consumer<JsonObject> events) {
    DevTools tools = new DevTools(events);
    tools.socket = tools.client.newWebSocketBuilder().buildAsync(address, tools).join();
    return tools;
  }

  /** Sends a command and waits for its result; a command that is refused fails. */
  JsonObject send(String method, JsonObject parameters) {
    int number = numbers.incrementAndGet();
    CompletableFuture<JsonObject> answer = new CompletableFuture<>();
    waiting.put(number, answer);
    JsonObject command =
        new JsonObject().put("id", number).put("method", method).put("params", parameters);
    synchronized (this) {
      java.util.Objects.requireNonNull(socket).sendText(command.encode(), true).join();
    }
    return answer.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
  }

  /** Sends a command from where its result can't be waited for. */
  void post(String method, JsonObject parameters) {
    Thread.startVirtualThread(() -> send(method, parameters));
  }

  void close() {
    java.util.Objects.requireNonNull(socket).abort();
    client.close();
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
    partial.append(data);
    if (last) {
      JsonObject message = new JsonObject(partial.toString());
      partial.setLength(0);
      take(message);
    }
    from.request(1);
    return null;
  }

  private void take(JsonObject message) {
    Integer number = message.getInteger("id");
    CompletableFuture<JsonObject> answer = number == null ? null : waiting.remove(number);
    if (answer == null) {
      events.accept(message);
    } else if (message.containsKey("error")) {
      answer.completeExceptionally(new AssertionError(message.getJsonObject("error").encode()));
    } else {
      answer.complete(message.getJsonObject("result"));
    }
  }
}
