package dev.relayauth.stack.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The end of a log. */
final class LogTail {
  private LogTail() {}

  /** Its last lines, or a word on why there are none. */
  static String of(Path log, int count) {
    try {
      List<String> lines = Files.readAllLines(log);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - count), lines.size()));
    } catch (IOException e) {
      return "(no log at " + log + ")";
    }
  }
}
