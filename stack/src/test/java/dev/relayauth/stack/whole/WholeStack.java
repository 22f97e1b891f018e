package dev.relayauth.stack.whole;

import dev.relayauth.stack.demo.Api;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A stack of its own for a test class, started as a person would start it. */
final class WholeStack implements AutoCloseable {
  private static final Duration START = Duration.ofMinutes(4);
  private static WholeStack shared;

  private final Process launcher;
  private final Path state;

  private WholeStack(Process launcher, Path state) {
    this.launcher = launcher;
    this.state = state;
  }

  static WholeStack start(String... options) {
    return start(Map.of(), options);
  }

  /** A stack whose processes have these variables as well. */
  private static WholeStack start(Map<String, String> environment, String... options) {
    try {
      Path state = Files.createTempDirectory("relayauth-stack");
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx128m"));
      command.addAll(
          List.of("-jar", root().resolve("stack/target/relayauth-stack.jar").toString()));
      command.addAll(List.of("up", "--root", root().toString(), "--state", state.toString()));
      command.addAll(List.of("--port", Integer.toString(freePort()), "--no-aot"));
      command.addAll(List.of(options));
      Path log = state.resolveSibling(state.getFileName() + ".log");
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
      builder.environment().putAll(environment);
      Process launcher = builder.start();
      WholeStack stack = new WholeStack(launcher, state);
      try {
        await(START, () -> stack.isReady() || !launcher.isAlive());
      } catch (AssertionError late) {
        stack.close();
        throw new AssertionError(Files.readString(log), late);
      }
      if (!launcher.isAlive()) {
        throw new IllegalStateException("the stack did not start:\n" + Files.readString(log));
      }
      return stack;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The stack of the test classes that only call it, which trusts {@link OutsideCi}; it ends with
   * this JVM.
   */
  static synchronized WholeStack shared() {
    if (shared == null) {
      shared = start(OutsideCi.shared().environment());
      Runtime.getRuntime().addShutdownHook(new Thread(shared::close));
      shared
          .api()
          .patch(
              "/v1/organizations/org_acme",
              new JsonObject().put("identityCreationsPerMinute", 100000))
          .expect(200);
    }
    return shared;
  }

  static Path root() {
    return Path.of(System.getProperty("relayauth.root", "..")).toAbsolutePath().normalize();
  }

  Path state() {
    return state;
  }

  boolean isReady() {
    return Files.exists(state.resolve("ready"));
  }

  JsonObject credentials() {
    return json("credentials.json");
  }

  String baseUrl() {
    return credentials().getString("baseUrl");
  }

  /** The API as the admin. */
  Api api() {
    return new Api(baseUrl(), credentials().getString("adminApiKey"));
  }

  /** The API of one replica, past the gateway. */
  Api replica(String name) {
    return new Api(
        "http://127.0.0.1:" + process(name).getInteger("port"),
        credentials().getString("adminApiKey"));
  }

  int port(String name) {
    return process(name).getInteger("port");
  }

  long pid(String name) {
    return process(name).getLong("pid");
  }

  /** Sends a signal, such as {@code KILL}, to a process of the stack. */
  void signal(String name, String signal) {
    signal(pid(name), signal);
  }

  static void signal(long pid, String signal) {
    try {
      new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits until a condition holds; fails the test when it doesn't in time. */
  static void await(Duration limit, BooleanSupplier condition) {
    Instant giveUp = Instant.now().plus(limit);
    while (!condition.getAsBoolean()) {
      if (Instant.now().isAfter(giveUp)) {
        throw new AssertionError("not within " + limit);
      }
      try {
        TimeUnit.MILLISECONDS.sleep(50);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }

  @Override
  public void close() {
    launcher.destroy();
    try {
      if (!launcher.waitFor(60, TimeUnit.SECONDS)) {
        launcher.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private JsonObject process(String name) {
    JsonArray processes = json("run.json").getJsonArray("processes");
    return processes.stream()
        .map(JsonObject.class::cast)
        .filter(each -> each.getString("name").equals(name))
        .findFirst()
        .orElseThrow();
  }

  private JsonObject json(String file) {
    try {
      return new JsonObject(Files.readString(state.resolve(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
