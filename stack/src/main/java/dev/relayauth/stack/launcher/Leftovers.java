package dev.relayauth.stack.launcher;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Processes that a killed run of this state left behind. A process is ours only if its command line
 * says so: it carries the state's marker, or is a PostgreSQL on the state's data.
 */
record Leftovers(StateDirectory state) {
  private static final Duration GRACE = Duration.ofSeconds(15);

  /** Stops them, gently first, and says how many there were. */
  int reap() throws InterruptedException {
    List<ProcessHandle> found = find();
    found.forEach(ProcessHandle::destroy);
    await(found, GRACE);
    List<ProcessHandle> stubborn = find();
    stubborn.forEach(ProcessHandle::destroyForcibly);
    await(stubborn, GRACE);
    return found.size();
  }

  private List<ProcessHandle> find() {
    return ProcessHandle.allProcesses()
        .filter(process -> process.pid() != ProcessHandle.current().pid())
        .filter(this::isOurs)
        .toList();
  }

  private boolean isOurs(ProcessHandle process) {
    Optional<String[]> arguments = process.info().arguments();
    return arguments.isPresent() && isOurs(List.of(arguments.get()));
  }

  private boolean isOurs(List<String> arguments) {
    String data = state.root().resolve("postgres").resolve("data").toString();
    return arguments.contains(state.marker())
        || (arguments.contains("-D") && arguments.contains(data));
  }

  private static void await(List<ProcessHandle> processes, Duration limit)
      throws InterruptedException {
    try {
      CompletableFuture.allOf(
              processes.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new))
          .get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException stillThere) {
      // The caller looks again.
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }
}
