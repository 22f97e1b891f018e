package dev.relayauth.local;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The program under test as a process of its own, as the stack starts it. */
final class LaunchedServer implements AutoCloseable {
  private final Process process;
  private final BufferedReader output;

  private LaunchedServer(Process process) {
    this.process = process;
    this.output = process.inputReader();
  }

  static LaunchedServer launch(String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx160m",
                "-cp",
                System.getProperty("java.class.path"),
                LocalMain.class.getName()));
    command.addAll(List.of(arguments));
    return new LaunchedServer(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  /** Blocks until the server says it is ready. */
  String address() throws IOException {
    String line = output.readLine();
    if (line == null || !line.startsWith("READY ")) {
      throw new AssertionError("instead of READY: " + line);
    }
    return line.substring("READY ".length());
  }

  Process process() {
    return process;
  }

  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() throws InterruptedException {
    process.destroy();
    process.waitFor();
  }
}
