package dev.relayauth.stack.launcher;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/** What a person sees while the stack starts: one line a step, with the time since the start. */
final class Progress {
  private final PrintStream out;
  private final long began = System.nanoTime();

  Progress(PrintStream out) {
    this.out = out;
  }

  /** A step is done. */
  void done(String what, String detail) {
    out.printf(Locale.ROOT, "%6.1f s  %-14s %s%n", seconds(), what, detail);
  }

  /** Something to know that isn't a step. */
  void say(String line) {
    out.println(line);
  }

  private double seconds() {
    return Duration.ofNanos(System.nanoTime() - began).toMillis() / 1000.0;
  }
}
