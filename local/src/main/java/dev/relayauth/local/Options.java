package dev.relayauth.local;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What the command line asks for.
 *
 * @param port 0 picks a free one
 * @param fast gives up durability for speed; for tests only
 * @param partitions of the audit topic
 * @param parent pid whose end ends this process too
 * @param readyFile gets this process's pid when the server is usable
 * @param bootstrap of the cluster whose missing topics are to be created
 */
record Options(
    Kind kind,
    Path directory,
    int port,
    boolean fast,
    int partitions,
    OptionalLong parent,
    Optional<Path> readyFile,
    String bootstrap) {

  static final String USAGE =
      """
      usage: java -jar relayauth-local.jar postgres --dir DIR [--port N] [--parent PID] [--fast]
             java -jar relayauth-local.jar kafka --dir DIR [--port N] [--parent PID] [--partitions N]
             java -jar relayauth-local.jar topics --bootstrap HOST:PORT [--partitions N]""";

  /** Which server to run, or to create the topics of another's. */
  enum Kind {
    POSTGRES,
    KAFKA,
    TOPICS
  }

  /**
   * Reads a command line.
   *
   * @throws IllegalArgumentException with a message for the person who typed it
   */
  static Options parse(List<String> arguments) {
    Deque<String> rest = new ArrayDeque<>(arguments);
    Kind kind = kind(rest.isEmpty() ? "" : rest.removeFirst());
    @Nullable Path directory = null;
    int port = 0;
    boolean fast = false;
    int partitions = 3;
    OptionalLong parent = OptionalLong.empty();
    Optional<Path> readyFile = Optional.empty();
    String bootstrap = "";
    while (!rest.isEmpty()) {
      String option = rest.removeFirst();
      switch (option) {
        case "--dir" -> directory = Path.of(value(option, rest)).toAbsolutePath();
        case "--port" -> port = Integer.parseInt(value(option, rest));
        case "--partitions" -> partitions = Integer.parseInt(value(option, rest));
        case "--parent" -> parent = OptionalLong.of(Long.parseLong(value(option, rest)));
        case "--ready-file" -> readyFile = Optional.of(Path.of(value(option, rest)));
        case "--bootstrap" -> bootstrap = value(option, rest);
        case "--fast" -> fast = true;
        default -> throw new IllegalArgumentException("unknown option " + option);
      }
    }
    if (kind == Kind.TOPICS && bootstrap.isEmpty()) {
      throw new IllegalArgumentException("--bootstrap is missing");
    }
    if (kind != Kind.TOPICS && directory == null) {
      throw new IllegalArgumentException("--dir is missing");
    }
    Path folder = directory == null ? Path.of("") : directory;
    return new Options(kind, folder, port, fast, partitions, parent, readyFile, bootstrap);
  }

  private static Kind kind(String word) {
    return Arrays.stream(Kind.values())
        .filter(kind -> kind.name().equalsIgnoreCase(word))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException("say postgres, kafka or topics, not '" + word + "'"));
  }

  private static String value(String option, Deque<String> rest) {
    if (rest.isEmpty()) {
      throw new IllegalArgumentException(option + " needs a value");
    }
    return rest.removeFirst();
  }
}
