package dev.relayauth.stack.browser;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A headless Chromium with a profile of its own, stopped on close. */
public final class Chromium implements AutoCloseable {
  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");
  private static final Duration START = Duration.ofSeconds(60);

  private final Process process;
  private final Path profile;

  private Chromium(Process process, Path profile) {
    this.process = process;
    this.profile = profile;
  }

  /** The browser that is installed, if one is: {@code RELAYAUTH_CHROMIUM}, or on the path. */
  public static Optional<Path> installed() {
    String named = System.getenv("RELAYAUTH_CHROMIUM");
    if (named != null) {
      return Optional.of(Path.of(named)).filter(Files::isExecutable);
    }
    List<String> folders = List.of(System.getenv("PATH").split(File.pathSeparator, -1));
    return NAMES.stream()
        .flatMap(name -> folders.stream().map(folder -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Starts one, which must be installed. */
  public static Chromium start() {
    try {
      Path profile = Files.createTempDirectory("relayauth-chromium");
      Process process =
          new ProcessBuilder(
                  installed().orElseThrow().toString(),
                  "--headless=new",
                  // Build machines run as root or without user namespaces; it only meets our pages.
                  "--no-sandbox",
                  "--disable-gpu",
                  "--disable-dev-shm-usage",
                  "--no-first-run",
                  "--disable-background-networking",
                  "--remote-debugging-port=0",
                  "--user-data-dir=" + profile,
                  "about:blank")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return new Chromium(process, profile);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The page that it begins with. */
  public Page page() {
    Instant giveUp = Instant.now().plus(START);
    while (Instant.now().isBefore(giveUp) && process.isAlive()) {
      Optional<Page> found = port().flatMap(Chromium::target).map(Page::connect);
      if (found.isPresent()) {
        return found.get();
      }
      pause();
    }
    throw new AssertionError("Chromium did not open its debugging port within " + START);
  }

  private Optional<Integer> port() {
    try {
      List<String> lines = Files.readAllLines(profile.resolve("DevToolsActivePort"));
      return lines.isEmpty() ? Optional.empty() : Optional.of(Integer.valueOf(lines.getFirst()));
    } catch (IOException notYet) {
      return Optional.empty();
    }
  }

  private static Optional<URI> target(int port) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json")).build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      String body = client.send(request, HttpResponse.BodyHandlers.ofString()).body();
      return new JsonArray(body)
          .stream()
              .map(JsonObject.class::cast)
              .filter(each -> each.getString("type").equals("page"))
              .map(each -> URI.create(each.getString("webSocketDebuggerUrl")))
              .findFirst();
    } catch (IOException notYet) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(25);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
      remove();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void remove() {
    try (Stream<Path> files = Files.walk(profile)) {
      files.sorted(java.util.Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    } catch (IOException | UncheckedIOException stillWriting) {
      // A temporary folder that the last of its processes still writes to.
    }
  }
}
