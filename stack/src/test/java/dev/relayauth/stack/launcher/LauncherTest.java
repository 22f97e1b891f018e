package dev.relayauth.stack.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The launcher as a process, with real PostgreSQL and Kafka and fake services. */
@Timeout(120)
class LauncherTest {
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  @TempDir Path folder;

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private Path root;
  private StateDirectory state;
  private int port;

  @BeforeEach
  void prepare() throws IOException {
    root = FakeCheckout.in(folder.resolve("checkout"));
    state = new StateDirectory(folder.resolve("state"));
    port = new Ports(18_500).take();
  }

  @AfterEach
  void leaveNothing() throws Exception {
    new Leftovers(state).reap();
    client.close();
  }

  @Test
  void aKilledLauncherLeavesNothingThatBlocksTheNext() throws Exception {
    Process first = launchReady();
    String secrets = Files.readString(state.secrets());
    List<Long> orphans = pids();

    first.destroyForcibly().waitFor();
    Process second = launchReady();

    assertThat(answer("/v1/identities").statusCode()).isEqualTo(200);
    assertThat(orphans).noneMatch(pid -> isAliveFakeOrServer(pid));
    assertThat(Files.readString(state.secrets())).isEqualTo(secrets);
    assertThat(permissions(state.secrets())).isEqualTo("rw-------");
    assertThat(permissions(state.credentials())).isEqualTo("rw-------");
    assertThat(permissions(state.internal().resolve("policy.jwk.json"))).isEqualTo("rw-------");
    stopAndExpectNothingLeft(second);
  }

  @Test
  void whatIsKilledComesBack() throws Exception {
    Process launcher = launchReady("--replicas", "policy=2");
    assertThat(new JsonObject(answer("/v1/roles").body()).getString("node")).startsWith("policy-");

    kill("identity-1");
    kill("postgres");
    kill("kafka");

    await(() -> Files.notExists(state.ready()));
    await(() -> Files.exists(state.ready()));
    await(() -> answer("/v1/identities").statusCode() == 200);
    await(() -> pids().size() == 9 && pids().stream().allMatch(this::isAliveFakeOrServer));
    stopAndExpectNothingLeft(launcher);
  }

  @Test
  void losesNoRequestWhileOneOfTwoReplicasIsKilled() throws Exception {
    Process launcher = launchReady("--replicas", "policy=2");
    List<Integer> statuses = new ArrayList<>();

    kill("policy-1");
    for (int i = 0; i < 200; i++) {
      statuses.add(answer("/v1/roles").statusCode());
    }

    assertThat(statuses).containsOnly(200);
    stopAndExpectNothingLeft(launcher);
  }

  @Test
  void namesABusyPortAndWhoHasIt() throws Exception {
    try (ServerSocket busy = new ServerSocket(port)) {
      Process launcher = launch();

      assertThat(launcher.waitFor()).isEqualTo(1);
      assertThat(outputOf())
          .contains("port " + port + " is in use (pid " + ProcessHandle.current().pid() + ", java)")
          .contains("--port");
    }
  }

  @Test
  void showsTheLogOfAServiceThatDoesNotStart() throws Exception {
    Process launcher = start(builder -> builder.environment().put("FAKE_SERVICE_FAILS", "1"));

    assertThat(launcher.waitFor()).isEqualTo(1);
    assertThat(outputOf()).contains("-1 does not start").contains("the database said no");
    assertThat(new Leftovers(state).reap()).isZero();
  }

  private Process launchReady(String... more) throws Exception {
    Files.deleteIfExists(state.ready());
    Process launcher = launch(more);
    await(() -> Files.exists(state.ready()) || !launcher.isAlive());
    assertThat(launcher.isAlive()).as(outputOf()).isTrue();
    return launcher;
  }

  private Process launch(String... more) throws IOException {
    return start(builder -> builder.command().addAll(Arrays.asList(more)));
  }

  private Process start(java.util.function.Consumer<ProcessBuilder> change) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                new ArrayList<>(
                    List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Launcher.class.getName(),
                        "up",
                        "--no-aot",
                        "--root",
                        root.toString(),
                        "--state",
                        state.root().toString(),
                        "--port",
                        Integer.toString(port))))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output").toFile());
    change.accept(builder);
    return builder.start();
  }

  private String outputOf() throws IOException {
    return Files.readString(folder.resolve("output"));
  }

  private void kill(String name) throws IOException {
    RunFile.Entry entry =
        RunFile.read(state.run()).orElseThrow().processes().stream()
            .filter(each -> each.name().equals(name))
            .findFirst()
            .orElseThrow();
    ProcessHandle.of(entry.pid()).orElseThrow().destroyForcibly();
  }

  private List<Long> pids() throws IOException {
    return RunFile.read(state.run()).orElseThrow().processes().stream()
        .map(RunFile.Entry::pid)
        .toList();
  }

  /** A zombie, which has no command line, is as good as gone. */
  private boolean isAliveFakeOrServer(long pid) {
    return ProcessHandle.of(pid).flatMap(process -> process.info().commandLine()).isPresent();
  }

  private void stopAndExpectNothingLeft(Process launcher) throws Exception {
    launcher.destroy();
    assertThat(launcher.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(new Leftovers(state).reap()).isZero();
    assertThat(state.ready()).doesNotExist();
  }

  private HttpResponse<String> answer(String path) throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static String permissions(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  private static void await(Callable<Boolean> condition) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.call()) {
      assertThat(System.nanoTime()).as("waited too long").isLessThan(deadline);
      Thread.sleep(20);
    }
  }
}
