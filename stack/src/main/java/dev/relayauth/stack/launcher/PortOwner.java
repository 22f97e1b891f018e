package dev.relayauth.stack.launcher;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds who listens on a port, on systems with a {@code /proc}. */
final class PortOwner {
  private static final String LISTENING = "0A";

  private PortOwner() {}

  /** The process, if the system lets us see it. */
  static Optional<ProcessHandle> of(int port) {
    Optional<String> socket =
        Stream.of("tcp", "tcp6").flatMap(table -> inode(table, port).stream()).findFirst();
    return socket.flatMap(
        inode ->
            ProcessHandle.allProcesses()
                .filter(process -> holds(process, "socket:[" + inode + "]"))
                .findFirst());
  }

  /** The program's file name. */
  static String nameOf(ProcessHandle process) {
    return process
        .info()
        .command()
        .map(command -> Path.of(command).getFileName().toString())
        .orElse("unknown");
  }

  private static Optional<String> inode(String table, int port) {
    String local = String.format(Locale.ROOT, ":%04X", port);
    try (Stream<String> lines = Files.lines(Path.of("/proc/net", table))) {
      return lines
          .map(line -> line.strip().split("\\s+"))
          .filter(column -> column.length > 9)
          .filter(column -> column[1].endsWith(local) && column[3].equals(LISTENING))
          .map(column -> column[9])
          .findFirst();
    } catch (IOException notLinux) {
      return Optional.empty();
    }
  }

  private static boolean holds(ProcessHandle process, String socket) {
    Path descriptors = Path.of("/proc", Long.toString(process.pid()), "fd");
    try (DirectoryStream<Path> each = Files.newDirectoryStream(descriptors)) {
      for (Path descriptor : each) {
        if (isLinkTo(descriptor, socket)) {
          return true;
        }
      }
      return false;
    } catch (IOException anotherUsers) {
      return false;
    }
  }

  private static boolean isLinkTo(Path descriptor, String target) {
    try {
      return Files.readSymbolicLink(descriptor).toString().equals(target);
    } catch (IOException closedMeanwhile) {
      return false;
    }
  }
}
