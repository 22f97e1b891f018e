package dev.relayauth.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a running server writes to {@code postmaster.pid} in its data directory.
 *
 * @param pid of the postmaster
 * @param status {@code ready} once it accepts connections, empty very early in a start
 */
record PostmasterFile(long pid, String status) {
  private static final int STATUS_LINE = 7;

  /** The file's content, or empty when there is none or it is still being written. */
  static Optional<PostmasterFile> read(Path data) throws IOException {
    List<String> lines;
    try {
      lines = Files.readAllLines(data.resolve("postmaster.pid"));
    } catch (NoSuchFileException notRunning) {
      return Optional.empty();
    }
    if (lines.isEmpty()) {
      return Optional.empty();
    }
    String status = lines.size() > STATUS_LINE ? lines.get(STATUS_LINE).strip() : "";
    return Optional.of(new PostmasterFile(Long.parseLong(lines.getFirst().strip()), status));
  }

  boolean isReady() {
    return status.equals("ready");
  }

  /** The postmaster, if it still lives; a stranger that got its pid is not it. */
  Optional<ProcessHandle> postmaster() {
    return ProcessHandle.of(pid)
        .filter(
            process ->
                process.info().command().filter(name -> name.endsWith("postgres")).isPresent());
  }
}
