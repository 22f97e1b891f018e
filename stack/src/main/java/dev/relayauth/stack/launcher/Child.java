package dev.relayauth.stack.launcher;

import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A process that is started again whenever it ends, sooner at first and more slowly the more often
 * it fails, until it is told to stop.
 */
final class Child {
  private static final Duration POLL = Duration.ofMillis(25);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
  private static final int TRIES_BEFORE_READY = 2;

  private final ProcessSpec spec;
  private final Listener listener;
  private final CompletableFuture<Void> firstReady = new CompletableFuture<>();
  private final Thread keeper;
  private volatile @Nullable Process process;
  private volatile boolean stopping;
  private Duration pause = FIRST_PAUSE;
  private int tries;

  /** Hears what happens to a child, on the child's own thread. */
  interface Listener {
    /** A process was started. */
    void started(Child child);

    /** The process serves. */
    void ready(Child child);

    /** The process ended without being asked to; another follows after the pause. */
    void died(Child child, int exitCode, Duration pause);
  }

  Child(ProcessSpec spec, Listener listener) {
    this.spec = spec;
    this.listener = listener;
    this.keeper = Thread.ofVirtual().name("keeper-" + spec.name()).unstarted(this::keep);
  }

  /** Starts the process and keeps it running. */
  void start() {
    keeper.start();
  }

  /** Completes when the process first serves; fails when it won't. */
  CompletableFuture<Void> firstReady() {
    return firstReady;
  }

  ProcessSpec spec() {
    return spec;
  }

  /** The pid of the present process, if there is one. */
  OptionalLong pid() {
    Process now = process;
    return now != null && now.isAlive() ? OptionalLong.of(now.pid()) : OptionalLong.empty();
  }

  /** Stops it gently, and by force when that takes longer than the limit. */
  void stop(Duration limit) throws InterruptedException {
    stopping = true;
    Process now = process;
    if (now != null) {
      now.destroy();
      if (!now.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        now.destroyForcibly().waitFor();
      }
    }
    keeper.interrupt();
    keeper.join();
  }

  private void keep() {
    try {
      while (!stopping) {
        Process started = launch();
        boolean served = awaitReady(started);
        int exitCode = started.waitFor();
        if (!stopping) {
          pauseAfter(exitCode, served);
        }
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      firstReady.completeExceptionally(e);
    }
  }

  private Process launch() throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(spec.command())
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(spec.log().toFile()));
    builder.environment().putAll(spec.environment());
    Process started = builder.start();
    process = started;
    if (stopping) {
      started.destroy();
    }
    listener.started(this);
    return started;
  }

  private boolean awaitReady(Process started) throws InterruptedException {
    while (!started.waitFor(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
      if (spec.readiness().isReady(started.pid())) {
        pause = FIRST_PAUSE;
        listener.ready(this);
        firstReady.complete(null);
        return true;
      }
    }
    return false;
  }

  private void pauseAfter(int exitCode, boolean served) throws InterruptedException {
    tries++;
    if (!served && tries >= TRIES_BEFORE_READY) {
      firstReady.completeExceptionally(new StartException(spec.name() + " does not start"));
    }
    listener.died(this, exitCode, pause);
    Thread.sleep(pause);
    Duration doubled = pause.multipliedBy(2);
    pause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
  }
}
