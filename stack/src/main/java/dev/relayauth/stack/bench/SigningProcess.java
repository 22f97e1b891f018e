package dev.relayauth.stack.bench;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** {@link SigningBench} with the libraries of the token service as it is deployed. */
final class SigningProcess {
  private SigningProcess() {}

  /** What it measured, an object an algorithm. */
  static List<JsonObject> run(Path root) throws IOException, InterruptedException {
    Path libraries = root.resolve("token-service/target/quarkus-app/lib/main");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                libraries + "/*:" + System.getProperty("java.class.path"),
                SigningBench.class.getName())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    List<JsonObject> measured;
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      measured = lines.lines().map(JsonObject::new).toList();
    }
    if (process.waitFor() != 0) {
      throw new IOException("the signing loop failed");
    }
    return measured;
  }
}
