package dev.relayauth.stack.launcher;

import dev.relayauth.stack.seed.Api;
import dev.relayauth.stack.seed.Credentials;
import dev.relayauth.stack.seed.Seed;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;

/** One run of the stack on one state, from taking the state to giving it back. */
final class Run implements AutoCloseable {
  /** A process that writes an AOT cache at its end needs a while for it. */
  private static final Duration TRAINING_STOP = Duration.ofMinutes(3);

  private static final Duration STOP = Duration.ofSeconds(20);

  private final FileChannel lock;
  private final Supervisor supervisor;
  private final Credentials credentials;

  private Run(FileChannel lock, Supervisor supervisor, Credentials credentials) {
    this.lock = lock;
    this.supervisor = supervisor;
    this.credentials = credentials;
  }

  /**
   * Starts everything and seeds it. Whatever was started is stopped when this JVM ends.
   *
   * @param training writes the AOT caches that are missing when it is closed
   * @throws StartException with a message for the person who typed the command
   */
  static Run start(Options options, Progress progress, boolean training)
      throws IOException, InterruptedException {
    StateDirectory state = new StateDirectory(options.state());
    state.create();
    FileChannel lock = take(state);
    clean(state, options, progress);
    Ports.requireFree(options.port());
    Secrets secrets = Secrets.loadOrCreate(state.secrets());
    new ServiceKeys(state.internal()).createMissing();
    Supervisor supervisor = supervisor(options, state, secrets, progress, training);
    Runtime.getRuntime().addShutdownHook(new Thread(supervisor::stop, "stop"));
    supervisor.start();
    Credentials credentials = seed(options, state, secrets);
    progress.done("seed", "org_acme, ws_prod, user_jane");
    supervisor.open();
    return new Run(lock, supervisor, credentials);
  }

  Credentials credentials() {
    return credentials;
  }

  /** Stops everything in order. */
  @Override
  public void close() {
    supervisor.stop();
    try {
      lock.close();
    } catch (IOException alreadyGone) {
      // The end of this process frees it as well.
    }
  }

  private static FileChannel take(StateDirectory state) throws IOException {
    Optional<FileChannel> lock = state.lock();
    if (lock.isEmpty()) {
      throw alreadyRunning(state);
    }
    return lock.get();
  }

  /** Says who has the state. */
  static StartException alreadyRunning(StateDirectory state) throws IOException {
    String owner = RunFile.read(state.run()).map(run -> " (pid " + run.launcher() + ")").orElse("");
    return new StartException(
        "RelayAuth already runs on " + state.root() + owner + ": ./relayauth down stops it");
  }

  private static void clean(StateDirectory state, Options options, Progress progress)
      throws IOException, InterruptedException {
    int left = new Leftovers(state).reap();
    if (left > 0) {
      progress.done("cleaned up", left + " processes that a killed run left behind");
    }
    Files.deleteIfExists(state.ready());
    Files.deleteIfExists(state.run());
    if (options.fresh()) {
      state.empty();
    }
  }

  private static Supervisor supervisor(
      Options options, StateDirectory state, Secrets secrets, Progress progress, boolean training) {
    Ports ports = new Ports(options.port());
    Storage storage = Storage.from(System.getenv(), ports);
    Topology topology = Topology.of(options, ports);
    int webhookReceiver = ports.take();
    StateDirectory.writePrivately(state.webhookReceiver(), Integer.toString(webhookReceiver));
    Blueprint blueprint =
        new Blueprint(
            state,
            new Packages(options.root(), options.aot(), training),
            storage,
            secrets,
            new JavaCommand(state, options.throughput()),
            topology.urls(),
            topology.baseUrl(),
            webhookReceiver);
    Duration stopLimit = training ? TRAINING_STOP : STOP;
    return new Supervisor(state, topology, blueprint, storage, progress, stopLimit);
  }

  private static Credentials seed(Options options, StateDirectory state, Secrets secrets)
      throws IOException, InterruptedException {
    String baseUrl = "http://127.0.0.1:" + options.port();
    try (Api api = new Api(baseUrl)) {
      return new Seed(
              api,
              baseUrl,
              secrets.platformKey(),
              state.credentials(),
              StateDirectory::writePrivately)
          .run();
    }
  }
}
