package dev.relayauth.stack.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** The echo server as a process of its own, so that its CPU can be told from ours. */
record EchoProcess(Process process, int port) implements AutoCloseable {
  static EchoProcess start() throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                EchoServer.class.getName())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    BufferedReader output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = output.readLine();
    if (line == null || !line.startsWith("PORT ")) {
      process.destroyForcibly();
      throw new IOException("the echo server did not start");
    }
    return new EchoProcess(process, Integer.parseInt(line.substring(5)));
  }

  List<Long> pids() {
    return List.of(process.pid());
  }

  @Override
  public void close() {
    process.destroy();
  }
}
