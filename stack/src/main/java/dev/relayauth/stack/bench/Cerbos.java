package dev.relayauth.stack.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The Cerbos binary on a policy that says the same: the bearer's token is verified, and its
 * organisation and scopes decide. Its decision log goes to a file.
 */
record Cerbos(Process process, Path folder, int port) implements AutoCloseable {
  /** Names the binary, such as the one of npm's {@code @cerbos/cerbos-linux-x64}. */
  static final String VARIABLE = "RELAYAUTH_CERBOS";

  private static final Duration START = Duration.ofSeconds(15);
  private static final String CONFIGURATION =
      """
      server:
        httpListenAddr: "127.0.0.1:%d"
        grpcListenAddr: "127.0.0.1:%d"
      telemetry:
        disabled: true
      storage:
        driver: disk
        disk:
          directory: %s
      auxData:
        jwt:
          keySets:
            - id: relayauth
              local:
                file: %s
      audit:
        enabled: true
        accessLogsEnabled: false
        decisionLogsEnabled: true
        backend: file
        file:
          path: %s
      """;
  private static final String POLICY =
      """
      apiVersion: api.cerbos.dev/v1
      resourcePolicy:
        version: default
        resource: orders
        rules:
          - actions: [read]
            effect: EFFECT_ALLOW
            roles: [agent]
            condition:
              match:
                all:
                  of:
                    - expr: request.aux_data.jwt.org == "%s"
                    - expr: '"stripe:orders:read" in request.aux_data.jwt.scopes'
      """;

  /** Starts the binary that {@value #VARIABLE} names; empty when it names none. */
  static Optional<Cerbos> start(String organization, String jwksUrl)
      throws IOException, InterruptedException {
    String binary = System.getenv(VARIABLE);
    if (binary == null || !Files.isExecutable(Path.of(binary))) {
      return Optional.empty();
    }
    Path folder = Files.createTempDirectory("relayauth-cerbos");
    Path policies = Files.createDirectory(folder.resolve("policies"));
    Path jwks = folder.resolve("jwks.json");
    Files.writeString(jwks, get(jwksUrl).body());
    Files.writeString(policies.resolve("orders.yaml"), POLICY.formatted(organization));
    int port = freePort();
    Path configuration = folder.resolve("cerbos.yaml");
    Files.writeString(
        configuration,
        CONFIGURATION.formatted(port, freePort(), policies, jwks, folder.resolve("decisions.log")));
    Process process =
        new ProcessBuilder(binary, "server", "--config=" + configuration, "--log-level=error")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("cerbos.log").toFile())
            .start();
    Cerbos cerbos = new Cerbos(process, folder, port);
    cerbos.awaitReady();
    return Optional.of(cerbos);
  }

  List<Long> pids() {
    return List.of(process.pid());
  }

  /** The question that {@code /v1/authorize} is asked, as Cerbos is asked it. */
  static String question(String identity, String token) {
    return ("{\"principal\":{\"id\":\"%s\",\"roles\":[\"agent\"]},\"resources\":[{\"actions\":[\"read\"],"
            + "\"resource\":{\"kind\":\"orders\",\"id\":\"any\"}}],"
            + "\"auxData\":{\"jwt\":{\"token\":\"%s\",\"keySetId\":\"relayauth\"}}}")
        .formatted(identity, token);
  }

  /** Asks once, and makes sure that it allows. */
  void mustAllow(String question) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/check/resources"))
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(question))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      String answer = client.send(request, HttpResponse.BodyHandlers.ofString()).body();
      if (!answer.contains("EFFECT_ALLOW")) {
        throw new IllegalStateException("Cerbos does not allow it: " + answer);
      }
    }
  }

  private void awaitReady() throws IOException, InterruptedException {
    long giveUp = System.nanoTime() + START.toNanos();
    while (System.nanoTime() < giveUp && process.isAlive()) {
      try {
        if (get("http://127.0.0.1:" + port + "/_cerbos/health").statusCode() == 200) {
          return;
        }
      } catch (IOException notYet) {
        Thread.sleep(20);
      }
    }
    close();
    throw new IOException("Cerbos does not start, see " + folder);
  }

  private static HttpResponse<String> get(String url) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
