package dev.relayauth.stack.launcher;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What runs on a state: each process, its port, its health and its memory. */
record StatusReport(StateDirectory state, PrintStream out) {

  /**
   * Prints the report.
   *
   * @return whether everything is up
   */
  boolean print() throws IOException {
    Optional<RunFile> run = state.isLocked() ? RunFile.read(state.run()) : Optional.empty();
    if (run.isEmpty()) {
      out.println("RelayAuth is down (" + state.root() + ")");
      return false;
    }
    out.printf(
        Locale.ROOT, "%-14s %8s %6s %-6s %8s%n", "process", "pid", "port", "state", "RSS MB");
    long total = 0;
    boolean up = true;
    for (RunFile.Entry entry : run.get().processes()) {
      long memory = residentMegabytes(entry);
      boolean serves = isUp(entry);
      total += memory;
      up &= serves;
      out.printf(
          Locale.ROOT,
          "%-14s %8d %6d %-6s %8d%n",
          entry.name(),
          entry.pid(),
          entry.port(),
          serves ? "up" : "down",
          memory);
    }
    out.printf(Locale.ROOT, "%-14s %8s %6s %-6s %8d%n", "all", "", "", up ? "up" : "down", total);
    out.println(run.get().baseUrl());
    return up;
  }

  private static boolean isUp(RunFile.Entry entry) {
    return switch (entry.name()) {
      case "postgres", "kafka" -> entry.pid() > 0 && !Ports.isFree(entry.port());
      case "gateway" -> HttpProbe.isOk(entry.port(), "/health");
      default -> HttpProbe.isOk(entry.port(), "/q/health/ready");
    };
  }

  /** PostgreSQL's keeper counts with the servers that it started. */
  private static long residentMegabytes(RunFile.Entry entry) {
    Stream<ProcessHandle> itself = ProcessHandle.of(entry.pid()).stream();
    Stream<ProcessHandle> processes =
        entry.name().equals("postgres")
            ? itself.flatMap(keeper -> Stream.concat(Stream.of(keeper), keeper.descendants()))
            : itself;
    return processes.mapToLong(process -> residentKilobytes(process.pid())).sum() / 1024;
  }

  private static long residentKilobytes(long pid) {
    try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(pid), "status"))) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElse(0);
    } catch (IOException goneOrNotLinux) {
      return 0;
    }
  }
}
