package dev.relayauth.stack.launcher;

import dev.relayauth.stack.seed.SeedException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The stack's command line; {@code ./relayauth} is its only caller. */
public final class Launcher {
  private static final Duration STOP_LIMIT = Duration.ofSeconds(90);

  private Launcher() {}

  public static void main(String[] arguments) throws InterruptedException {
    try {
      Options options = Options.parse(List.of(arguments));
      System.exit(execute(options));
    } catch (IllegalArgumentException | StartException | SeedException e) {
      System.err.println("relayauth: " + e.getMessage());
      System.exit(1);
    } catch (IOException | RuntimeException e) {
      e.printStackTrace();
      System.exit(1);
    }
  }

  private static int execute(Options options) throws IOException, InterruptedException {
    return switch (options.command()) {
      case UP -> up(options);
      case TRAIN -> {
        Training.run(options, new Progress(System.out));
        yield 0;
      }
      case SECRETS -> {
        KubernetesSecrets.print(System.out);
        yield 0;
      }
      case DOWN -> down(new StateDirectory(options.state()));
      case STATUS ->
          new StatusReport(new StateDirectory(options.state()), System.out).print() ? 0 : 1;
    };
  }

  private static int up(Options options) throws IOException, InterruptedException {
    Progress progress = new Progress(System.out);
    StateDirectory state = new StateDirectory(options.state());
    if (state.isLocked()) {
      throw Run.alreadyRunning(state);
    }
    Ports.requireFree(options.port());
    if (options.aot() && new Packages(options.root(), true, false).lackCaches()) {
      train(options, progress);
    }
    Run run = Run.start(options, progress, false);
    progress.say(Welcome.to(run.credentials().baseUrl(), options));
    Thread.currentThread().join();
    return 0;
  }

  private static void train(Options options, Progress progress)
      throws IOException, InterruptedException {
    progress.say("The first start of a build trains the JVMs' AOT caches; this happens once.");
    Path log = options.root().resolve("stack/target/relayauth-training.log");
    if (Training.inAnotherJvm(options, log)) {
      progress.done("AOT caches", "trained");
    } else {
      progress.done("AOT caches", "not made, see " + log + "; starting without them");
    }
  }

  private static int down(StateDirectory state) throws IOException, InterruptedException {
    Optional<ProcessHandle> launcher =
        RunFile.read(state.run()).flatMap(run -> ProcessHandle.of(run.launcher()));
    if (state.isLocked() && launcher.isPresent()) {
      launcher.get().destroy();
      awaitEnd(launcher.get());
    }
    int left = new Leftovers(state).reap();
    System.out.println(
        left == 0 ? "RelayAuth is down" : "RelayAuth is down; cleaned up " + left + " processes");
    return 0;
  }

  private static void awaitEnd(ProcessHandle launcher) throws InterruptedException {
    long deadline = System.nanoTime() + STOP_LIMIT.toNanos();
    while (launcher.isAlive() && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }
}
