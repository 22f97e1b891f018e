package dev.relayauth.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The process on whose behalf this one runs; its start time tells it from a later one of its pid.
 */
final class Parent {
  private final long pid;
  private final Optional<Instant> born;

  Parent(long pid) {
    this.pid = pid;
    this.born = start();
  }

  /** Returns when the process is gone, or when this thread is interrupted. */
  void awaitEnd(Duration poll) {
    try {
      while (born.isPresent() && born.equals(start()) && !isDefunct()) {
        Thread.sleep(poll);
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }

  private Optional<Instant> start() {
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .map(parent -> parent.info().startInstant().orElse(Instant.EPOCH));
  }

  /** A killed process that nobody has waited for still looks alive to the JDK. */
  private boolean isDefunct() {
    try {
      String status = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      return status.substring(status.lastIndexOf(')')).startsWith(") Z");
    } catch (IOException noSuchFile) {
      return false;
    }
  }
}
