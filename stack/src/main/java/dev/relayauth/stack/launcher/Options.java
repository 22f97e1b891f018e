package dev.relayauth.stack.launcher;

import dev.relayauth.stack.ServiceName;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What the command line asks for.
 *
 * @param root of the checkout, where the built packages are
 * @param port of the gateway
 * @param fresh begin with empty state
 * @param replicas how many copies of a service, where it isn't one
 * @param throughput compile with C2 and give more memory, for benchmarks
 * @param aot use and make AOT caches
 */
record Options(
    Command command,
    Path root,
    Path state,
    int port,
    boolean fresh,
    Map<ServiceName, Integer> replicas,
    boolean throughput,
    boolean aot) {

  /** What to do. */
  enum Command {
    UP,
    TRAIN,
    DOWN,
    SECRETS,
    STATUS
  }

  Options {
    replicas = Map.copyOf(replicas);
  }

  /**
   * Reads a command line.
   *
   * @throws IllegalArgumentException with a message for the person who typed it
   */
  static Options parse(List<String> arguments) {
    Deque<String> rest = new ArrayDeque<>(arguments);
    Command command = command(rest.isEmpty() ? "" : rest.removeFirst());
    Path root = Path.of("").toAbsolutePath();
    Path state = Path.of(".relayauth");
    int port = 8080;
    boolean fresh = false;
    boolean throughput = false;
    boolean aot = true;
    Map<ServiceName, Integer> replicas = Map.of();
    while (!rest.isEmpty()) {
      String option = rest.removeFirst();
      switch (option) {
        case "--root" -> root = Path.of(value(option, rest)).toAbsolutePath();
        case "--state" -> state = Path.of(value(option, rest));
        case "--port" -> port = number(option, value(option, rest), 1, 65_535);
        case "--replicas" -> replicas = replicas(value(option, rest));
        case "--fresh" -> fresh = true;
        case "--c2" -> throughput = true;
        case "--no-aot" -> aot = false;
        default -> throw new IllegalArgumentException("unknown option " + option);
      }
    }
    return new Options(
        command, root, state.toAbsolutePath().normalize(), port, fresh, replicas, throughput, aot);
  }

  int replicasOf(ServiceName service) {
    return replicas.getOrDefault(service, 1);
  }

  private static Command command(String word) {
    try {
      return Command.valueOf(word.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException unknown) {
      throw new IllegalArgumentException("unknown command '" + word + "'", unknown);
    }
  }

  private static Map<ServiceName, Integer> replicas(String list) {
    Map<ServiceName, Integer> replicas = new EnumMap<>(ServiceName.class);
    for (String each : list.split(",", -1)) {
      String[] parts = each.split("=", -1);
      if (parts.length != 2) {
        throw new IllegalArgumentException("--replicas is like policy=2,token=2, not " + list);
      }
      replicas.put(ServiceName.of(parts[0]), number("--replicas", parts[1], 1, 8));
    }
    return Collections.unmodifiableMap(replicas);
  }

  private static int number(String option, String text, int least, int most) {
    try {
      int number = Integer.parseInt(text);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException notANumber) {
      throw new IllegalArgumentException(option + " needs a number, not " + text, notANumber);
    }
    throw new IllegalArgumentException(option + " is between " + least + " and " + most);
  }

  private static String value(String option, Deque<String> rest) {
    if (rest.isEmpty()) {
      throw new IllegalArgumentException(option + " needs a value");
    }
    return rest.removeFirst();
  }
}
