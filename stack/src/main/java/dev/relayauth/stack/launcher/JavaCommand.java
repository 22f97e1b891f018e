package dev.relayauth.stack.launcher;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Command lines of the stack's own Java processes.
 *
 * @param throughput C2 and more memory instead of a quick start in little memory
 */
record JavaCommand(StateDirectory state, boolean throughput) {
  private static final Path SETSID = Path.of("/usr/bin/setsid");
  private static final int THROUGHPUT_HEAP = 1024;
  private static final List<String> COMMON =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:-UsePerfData",
          "-XX:+ExitOnOutOfMemoryError",
          "-Xss512k",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow");

  /**
   * A command that runs a jar.
   *
   * @param megabytes the most heap it gets, in the frugal form
   */
  List<String> jar(Path jar, int megabytes, AotCache cache, List<String> properties) {
    List<String> command = new ArrayList<>(ownSession());
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add(state.marker());
    command.addAll(COMMON);
    if (throughput) {
      // What a request leaves behind dies young: a wide nursery is swept seldom, at the same cost.
      command.addAll(
          List.of("-Xms512m", "-Xmn320m", "-Xmx" + Math.max(THROUGHPUT_HEAP, megabytes) + "m"));
    } else {
      command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Xms16m", "-Xmx" + megabytes + "m"));
    }
    command.addAll(cache.flags());
    command.addAll(properties);
    command.addAll(List.of("-jar", jar.toString()));
    return command;
  }

  /** In a session of its own a process doesn't get the terminal's Ctrl-C: we stop it in turn. */
  private static List<String> ownSession() {
    return Files.isExecutable(SETSID) ? List.of(SETSID.toString()) : List.of();
  }
}
