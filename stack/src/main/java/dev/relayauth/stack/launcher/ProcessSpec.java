package dev.relayauth.stack.launcher;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * How to run one process of the stack.
 *
 * @param port where it listens
 * @param environment beside what it inherits
 * @param log where both its outputs go
 * @param readiness whether it serves now
 */
record ProcessSpec(
    String name,
    int port,
    List<String> command,
    Map<String, String> environment,
    Path log,
    Readiness readiness) {

  ProcessSpec {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
  }

  /** Tells whether a process serves. */
  interface Readiness {
    /** Whether the process of that pid serves now. */
    boolean isReady(long pid);
  }

  /** The environment carries secrets. */
  @Override
  public String toString() {
    return "ProcessSpec[" + name + "]";
  }
}
