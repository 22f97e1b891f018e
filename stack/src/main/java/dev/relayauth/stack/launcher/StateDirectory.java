package dev.relayauth.stack.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Everything that outlives a run, in one folder that its owner alone can read. */
record StateDirectory(Path root) {
  private static final String LOCK = "lock";

  /** Makes the folder if there is none. */
  void create() throws IOException {
    Files.createDirectories(
        root, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Files.createDirectories(logs());
    Files.createDirectories(internal());
  }

  /**
   * Takes the folder for this process until it ends.
   *
   * @return empty if another run has it
   */
  Optional<FileChannel> lock() throws IOException {
    FileChannel file =
        FileChannel.open(root.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (file.tryLock() == null) {
      file.close();
      return Optional.empty();
    }
    return Optional.of(file);
  }

  /** Whether a run has the folder. */
  boolean isLocked() throws IOException {
    if (!Files.exists(root.resolve(LOCK))) {
      return false;
    }
    Optional<FileChannel> lock = lock();
    if (lock.isPresent()) {
      lock.get().close();
    }
    return lock.isEmpty();
  }

  /** Deletes everything but what this run holds: the lock, and the log that it writes to. */
  void empty() throws IOException {
    List<Path> deepestFirst;
    try (Stream<Path> tree = Files.walk(root)) {
      deepestFirst = tree.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : deepestFirst) {
      if (!path.equals(root) && !path.equals(logs()) && !isHeld(path)) {
        Files.delete(path);
      }
    }
    create();
  }

  private boolean isHeld(Path path) {
    return path.equals(root.resolve(LOCK)) || path.equals(logs().resolve("launcher.log"));
  }

  /** Replaces a file in one step; only its owner can read it. */
  static void writePrivately(Path file, String content) {
    try {
      Path scratch =
          Files.createTempFile(
              file.getParent(),
              file.getFileName().toString(),
              ".new",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(scratch, content);
      Files.move(
          scratch, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path logs() {
    return root.resolve("logs");
  }

  Path internal() {
    return root.resolve("internal");
  }

  Path secrets() {
    return root.resolve("secrets.json");
  }

  Path credentials() {
    return root.resolve("credentials.json");
  }

  /** Describes the run that has the folder. */
  Path run() {
    return root.resolve("run.json");
  }

  /** Names the loopback port that webhooks of this stack may be sent to. */
  Path webhookReceiver() {
    return root.resolve("webhook-receiver");
  }

  /** Exists while everything is ready. */
  Path ready() {
    return root.resolve("ready");
  }

  /** The argument by which every process of this state is known. */
  String marker() {
    return "-Drelayauth.state=" + root;
  }
}
