package dev.relayauth.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A PostgreSQL server on the loopback address, with one database {@code relayauth} and the user
 * {@code postgres} without a password. Data outlives the process and a {@code kill -9}; unless
 * started fast, a commit is on disk when it is acknowledged.
 */
public final class LocalPostgres implements Server {
  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(20);

  private final PostgresBinaries binaries;
  private final Path data;
  private final int port;
  private final Process postmaster;
  private final FileChannel lock;

  private LocalPostgres(
      PostgresBinaries binaries, Path data, int port, Process postmaster, FileChannel lock) {
    this.lock = lock;
    this.binaries = binaries;
    this.data = data;
    this.port = port;
    this.postmaster = postmaster;
  }

  /**
   * Starts a server on the data in {@code directory}, creating it the first time, and returns when
   * it accepts connections. A server that a killed run left on the same data is stopped first.
   *
   * @param port 0 picks a free one
   * @throws IOException if it does not become ready; the reason is on standard error
   */
  public static LocalPostgres start(Path directory, int port, boolean fast)
      throws IOException, InterruptedException {
    FileChannel lock = lock(directory);
    PostgresBinaries binaries = PostgresBinaries.unpacked();
    Path data = directory.resolve("data");
    if (!Files.isDirectory(data)) {
      create(binaries, directory, data);
    }
    stopLeftover(binaries, data);
    int chosen = FreePort.orAny(port);
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    while (System.nanoTime() < deadline) {
      Process process = launch(binaries, data, chosen, fast);
      if (becomesReady(process, data, deadline)) {
        return new LocalPostgres(binaries, data, chosen, process, lock);
      }
      // Backends of a killed postmaster hold its shared memory until they notice its end.
      Thread.sleep(POLL.multipliedBy(10));
    }
    throw new IOException("PostgreSQL did not start on " + data);
  }

  @Override
  public String address() {
    return "jdbc:postgresql://127.0.0.1:" + port + "/relayauth?user=postgres";
  }

  /** The postmaster's pid. */
  public long pid() {
    return postmaster.pid();
  }

  @Override
  public void awaitEnd() throws InterruptedException {
    postmaster.waitFor();
  }

  @Override
  public void close() {
    try (lock) {
      if (postmaster.isAlive()) {
        stop(binaries, data, "fast");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      postmaster.destroyForcibly();
    }
  }

  /** The system frees the lock when this process ends, however it ends. */
  private static FileChannel lock(Path directory) throws IOException {
    Files.createDirectories(directory);
    FileChannel file =
        FileChannel.open(
            directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (file.tryLock() == null) {
      file.close();
      throw new IOException(directory + " is in use by another run");
    }
    return file;
  }

  /** Built aside and renamed, so that an interrupted creation is never taken for a database. */
  private static void create(PostgresBinaries binaries, Path directory, Path data)
      throws IOException, InterruptedException {
    Path scratch = directory.resolve("data.new");
    Folders.delete(scratch);
    run(
        binaries.command(
            "initdb",
            List.of(
                "--pgdata=" + scratch,
                "--username=postgres",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--no-sync")),
        "");
    run(
        binaries.command("postgres", List.of("--single", "-D", scratch.toString(), "postgres")),
        "CREATE DATABASE relayauth\n");
    Files.move(scratch, data, StandardCopyOption.ATOMIC_MOVE);
  }

  private static void stopLeftover(PostgresBinaries binaries, Path data)
      throws IOException, InterruptedException {
    Optional<ProcessHandle> leftover =
        PostmasterFile.read(data).flatMap(PostmasterFile::postmaster);
    if (leftover.isPresent()) {
      stop(binaries, data, "immediate");
    }
  }

  private static void stop(PostgresBinaries binaries, Path data, String mode)
      throws IOException, InterruptedException {
    run(
        binaries.command(
            "pg_ctl", List.of("stop", "-D", data.toString(), "-m", mode, "-w", "-t", "30")),
        "");
  }

  private static Process launch(PostgresBinaries binaries, Path data, int port, boolean fast)
      throws IOException {
    List<String> arguments = new ArrayList<>(List.of("-D", data.toString(), "-p", "" + port));
    settings(fast).forEach(setting -> arguments.addAll(List.of("-c", setting)));
    return new ProcessBuilder(binaries.command("postgres", arguments))
        .redirectOutput(ProcessBuilder.Redirect.INHERIT)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static List<String> settings(boolean fast) {
    List<String> settings =
        new ArrayList<>(
            List.of(
                "listen_addresses=127.0.0.1",
                "unix_socket_directories=",
                "max_connections=120",
                // Room for the newest pages of the audit log's indexes, which every record touches.
                "shared_buffers=160MB",
                "wal_buffers=16MB",
                // Checkpoints seldom: after each, every page that changes goes to the log whole.
                "max_wal_size=2GB",
                "checkpoint_timeout=15min",
                "jit=off",
                "huge_pages=off",
                "log_checkpoints=off"));
    if (fast) {
      settings.addAll(List.of("fsync=off", "full_page_writes=off"));
    }
    return settings;
  }

  private static boolean becomesReady(Process process, Path data, long deadline)
      throws IOException, InterruptedException {
    while (process.isAlive() && System.nanoTime() < deadline) {
      Optional<PostmasterFile> file = PostmasterFile.read(data);
      if (file.filter(f -> f.pid() == process.pid() && f.isReady()).isPresent()) {
        return true;
      }
      process.waitFor(POLL.toMillis(), TimeUnit.MILLISECONDS);
    }
    process.destroyForcibly();
    return false;
  }

  private static void run(List<String> command, String input)
      throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (var stdin = process.outputWriter()) {
      stdin.write(input);
    }
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + " failed:\n" + output);
    }
  }
}
