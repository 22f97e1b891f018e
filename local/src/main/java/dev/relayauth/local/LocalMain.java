package dev.relayauth.local;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Runs one server in the foreground: prints {@code READY <address>} once it is usable, and stops it
 * in order on SIGTERM or when the process named by {@code --parent} is gone. Exits with 1 when the
 * server ends by itself, so that a supervisor can start it again.
 */
public final class LocalMain {
  private static final Duration PARENT_POLL = Duration.ofMillis(500);

  private LocalMain() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    System.setProperty("log4j2.configurationFile", "relayauth-local-log4j2.properties");
    Options options = optionsOrExit(arguments);
    if (options.parent().isPresent()) {
      exitWith(new Parent(options.parent().getAsLong()));
    }
    switch (options.kind()) {
      case TOPICS -> Topics.createMissing(options.bootstrap(), options.partitions());
      case POSTGRES ->
          serve(
              options,
              () -> LocalPostgres.start(options.directory(), options.port(), options.fast()));
      case KAFKA ->
          serve(
              options,
              () -> LocalKafka.start(options.directory(), options.port(), options.partitions()));
    }
  }

  private static void serve(Options options, Start start) throws IOException, InterruptedException {
    AtomicReference<@Nullable Server> running = new AtomicReference<>();
    AtomicBoolean stopping = new AtomicBoolean();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  stopping.set(true);
                  stop(running.get());
                },
                "close"));
    Server server = start.start();
    running.set(server);
    System.out.println("READY " + server.address());
    if (options.readyFile().isPresent()) {
      Files.writeString(options.readyFile().get(), Long.toString(ProcessHandle.current().pid()));
    }
    server.awaitEnd();
    if (!stopping.get()) {
      System.err.println(options.kind() + " ended without being asked to");
      System.exit(1);
    }
  }

  /** A server that was still starting is only a child process yet. */
  private static void stop(@Nullable Server running) {
    if (running != null) {
      running.close();
    } else {
      ProcessHandle.current().children().forEach(ProcessHandle::destroy);
    }
  }

  private interface Start {
    Server start() throws IOException, InterruptedException;
  }

  private static Options optionsOrExit(String[] arguments) {
    try {
      return Options.parse(List.of(arguments));
    } catch (IllegalArgumentException wrong) {
      System.err.println(wrong.getMessage());
      System.err.println(Options.USAGE);
      System.exit(2);
      throw wrong;
    }
  }

  private static void exitWith(Parent parent) {
    Thread.ofPlatform()
        .daemon()
        .name("parent-watch")
        .start(
            () -> {
              parent.awaitEnd(PARENT_POLL);
              System.exit(0);
            });
  }
}
