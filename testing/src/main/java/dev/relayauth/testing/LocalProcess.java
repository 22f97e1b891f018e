package dev.relayauth.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A PostgreSQL or Kafka of this test run: a child process that ends with it. */
final class LocalProcess {
  private static final String READY = "READY ";

  private LocalProcess() {}

  /** Starts it and returns where it listens. */
  static String start(String kind) {
    try {
      Path directory = Files.createTempDirectory("relayauth-" + kind);
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m"));
      command.addAll(List.of("-jar", jar().toString(), kind));
      command.addAll(List.of("--dir", directory.toString(), "--port", "0"));
      command.addAll(List.of("--parent", Long.toString(ProcessHandle.current().pid())));
      if (kind.equals("postgres")) {
        command.add("--fast");
      }
      Process process =
          new ProcessBuilder(command)
              .redirectError(directory.resolve("stderr.log").toFile())
              .start();
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
      return awaitReady(process, kind, directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String awaitReady(Process process, String kind, Path directory)
      throws IOException {
    BufferedReader output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.startsWith(READY)) {
        // A read from a pipe pins its carrier, and a small machine has no more than two.
        Thread.ofPlatform().daemon().start(() -> output.lines().forEach(ignored -> {}));
        return line.substring(READY.length()).strip();
      }
    }
    throw new IllegalStateException(
        kind + " did not start: " + Files.readString(directory.resolve("stderr.log")));
  }

  private static Path jar() {
    Path root = Path.of(System.getProperty("relayauth.root", ".."));
    Path jar = root.resolve("local/target/relayauth-local.jar").toAbsolutePath().normalize();
    if (!Files.exists(jar)) {
      throw new IllegalStateException(jar + " is missing: build the module `local` first");
    }
    return jar;
  }
}
