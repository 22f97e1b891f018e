package dev.relayauth.stack.browser;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A page in the browser, used as a person does: real clicks at where things are, real keys. What
 * goes wrong in it (exceptions, breaches of its policy, dialogs) is written down.
 */
public final class Page implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Map<String, Integer> KEYS =
      Map.of(
          "Tab",
          9,
          "Enter",
          13,
          "Escape",
          27,
          "End",
          35,
          "Home",
          36,
          "ArrowUp",
          38,
          "ArrowDown",
          40);

  private final List<String> faults = new CopyOnWriteArrayList<>();
  private final DevTools tools;

  private Page(URI address) {
    tools = DevTools.connect(address, this::happened);
  }

  static Page connect(URI address) {
    Page page = new Page(address);
    for (String domain : List.of("Page", "Runtime", "Log")) {
      page.tools.send(domain + ".enable", new JsonObject());
    }
    page.size(1360, 900);
    return page;
  }

  /** What went wrong so far. */
  public List<String> faults() {
    return List.copyOf(faults);
  }

  /** Opens an address. */
  public void open(String address) {
    tools.send("Page.navigate", new JsonObject().put("url", address));
  }

  /** The size of the window. */
  public void size(int width, int height) {
    tools.send(
        "Emulation.setDeviceMetricsOverride",
        new JsonObject()
            .put("width", width)
            .put("height", height)
            .put("deviceScaleFactor", 1)
            .put("mobile", false));
  }

  /** What the system prefers: {@code light} or {@code dark}, and no motion. */
  public void prefer(String scheme) {
    JsonArray features =
        new JsonArray()
            .add(feature("prefers-color-scheme", scheme))
            .add(feature("prefers-reduced-motion", "reduce"));
    tools.send("Emulation.setEmulatedMedia", new JsonObject().put("features", features));
  }

  private static JsonObject feature(String name, String value) {
    return new JsonObject().put("name", name).put("value", value);
  }

  /** The value of an expression in the page. */
  public @Nullable Object value(String expression) {
    JsonObject answer =
        tools.send(
            "Runtime.evaluate",
            new JsonObject()
                .put("expression", expression)
                .put("awaitPromise", true)
                .put("returnByValue", true));
    if (answer.containsKey("exceptionDetails")) {
      throw new AssertionError(expression + ": " + answer.getJsonObject("exceptionDetails"));
    }
    return answer.getJsonObject("result").getValue("value");
  }

  /** Waits until an expression is truthy. */
  public void await(String condition) {
    Instant giveUp = Instant.now().plus(PATIENCE);
    while (!holds(condition)) {
      if (Instant.now().isAfter(giveUp)) {
        throw new AssertionError("not within " + PATIENCE + ": " + condition + "\n" + text("body"));
      }
      Chromium.pause();
    }
  }

  /** While a page gives way to another there is nowhere to ask. */
  private boolean holds(String condition) {
    try {
      return Boolean.TRUE.equals(value("Boolean(" + condition + ")"));
    } catch (CompletionException between) {
      return false;
    }
  }

  /** Waits until an element shows a text. */
  public void awaitText(String selector, String text) {
    await(
        "[...document.querySelectorAll(%s)].some((e) => e.textContent.includes(%s))"
            .formatted(quoted(selector), quoted(text)));
  }

  /** The text of the first such element. */
  public String text(String selector) {
    return String.valueOf(value("document.querySelector(" + quoted(selector) + ")?.innerText"));
  }

  /** Clicks on the first such element that says a text, once it is there. */
  public void click(String selector, String text) {
    String found =
        "[...document.querySelectorAll(%s)].find((e) => e.textContent.includes(%s) && e.offsetParent)"
            .formatted(quoted(selector), quoted(text));
    await(found + " && !" + found + ".disabled");
    value(found + ".scrollIntoView({block: 'center', behavior: 'instant'})");
    Object place =
        value(
            "(() => { const r = "
                + found
                + ".getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]; })()");
    JsonArray at = new JsonArray(Json.encode(place));
    for (String type : List.of("mousePressed", "mouseReleased")) {
      tools.send(
          "Input.dispatchMouseEvent",
          new JsonObject()
              .put("type", type)
              .put("x", at.getDouble(0))
              .put("y", at.getDouble(1))
              .put("button", "left")
              .put("clickCount", 1));
    }
  }

  /** Types into whatever has the focus. */
  public void type(String text) {
    tools.send("Input.insertText", new JsonObject().put("text", text));
  }

  /** Replaces what a field contains. */
  public void fill(String selector, String text) {
    await("document.querySelector(" + quoted(selector) + ")");
    value(
        "document.querySelector(%s).focus(), document.querySelector(%s).select()"
            .formatted(quoted(selector), quoted(selector)));
    type(text);
  }

  /** Presses a key. */
  public void press(String key) {
    JsonObject stroke =
        new JsonObject()
            .put("key", key)
            .put("code", key)
            .put("windowsVirtualKeyCode", KEYS.get(key));
    JsonObject down = stroke.copy().put("type", key.equals("Enter") ? "keyDown" : "rawKeyDown");
    tools.send("Input.dispatchKeyEvent", key.equals("Enter") ? down.put("text", "\r") : down);
    tools.send("Input.dispatchKeyEvent", stroke.put("type", "keyUp"));
  }

  /** Writes what can be seen to a PNG file. */
  public void photograph(Path file) {
    String data =
        tools
            .send("Page.captureScreenshot", new JsonObject().put("format", "png"))
            .getString("data");
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.write(file, Base64.getDecoder().decode(data));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    tools.close();
  }

  private void happened(JsonObject event) {
    JsonObject details = event.getJsonObject("params", new JsonObject());
    switch (event.getString("method", "")) {
      case "Runtime.exceptionThrown" -> faults.add(details.encode());
      case "Page.javascriptDialogOpening" -> {
        faults.add("a dialog: " + details.getString("message"));
        tools.post("Page.handleJavaScriptDialog", new JsonObject().put("accept", true));
      }
      case "Log.entryAdded" -> logged(details.getJsonObject("entry"));
      default -> {}
    }
  }

  /** An answer that isn't 2xx is the page's to handle; anything else is a fault of the page. */
  private void logged(JsonObject entry) {
    if (entry.getString("level").equals("error") && !entry.getString("source").equals("network")) {
      faults.add(entry.getString("source") + ": " + entry.getString("text"));
    }
  }

  private static String quoted(String text) {
    return Json.encode(text);
  }
}
