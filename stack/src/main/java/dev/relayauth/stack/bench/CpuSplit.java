package dev.relayauth.stack.bench;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where the CPU time of a run went: by process of the stack, with its children, and ourselves. */
final class CpuSplit {
  private final Map<String, List<Long>> pids = new TreeMap<>();
  private final Map<String, Double> before = new TreeMap<>();

  /** Begins to count. */
  CpuSplit(RunningStack stack, List<String> names) {
    names.forEach(name -> pids.put(name, family(stack.pids(name))));
    pids.put("bench", List.of(ProcessHandle.current().pid()));
    pids.forEach((name, some) -> before.put(name, CpuClock.millis(some)));
  }

  private static List<Long> family(List<Long> parents) {
    return parents.stream()
        .flatMap(
            pid ->
                Stream.concat(
                    Stream.of(pid),
                    ProcessHandle.of(pid).stream()
                        .flatMap(ProcessHandle::descendants)
                        .map(ProcessHandle::pid)))
        .toList();
  }

  /** Microseconds a request since it began to count, by name. */
  Map<String, Double> microsPer(long requests) {
    Map<String, Double> micros = new TreeMap<>();
    pids.forEach(
        (name, some) ->
            micros.put(
                name, (CpuClock.millis(some) - before.getOrDefault(name, 0.0)) * 1e3 / requests));
    return micros;
  }

  /** The same as a line. */
  static String line(Map<String, Double> micros) {
    return micros.entrySet().stream()
        .map(each -> String.format(Locale.ROOT, "%s %.1f", each.getKey(), each.getValue()))
        .collect(Collectors.joining(", ", "  CPU µs a request: ", ""));
  }
}
