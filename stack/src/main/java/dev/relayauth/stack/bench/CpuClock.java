package dev.relayauth.stack.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;

/** CPU time of other processes, from {@code /proc}; 0 where there is none. */
final class CpuClock {
  private static final int USER_TICKS = 11;
  private static final int SYSTEM_TICKS = 12;
  private static final double MILLIS_PER_TICK = 10;

  private CpuClock() {}

  /** Milliseconds of CPU that these processes have used. */
  static double millis(Collection<Long> pids) {
    return pids.stream().mapToDouble(CpuClock::millis).sum();
  }

  private static double millis(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      // proc(5): the name may hold spaces, so count from its closing parenthesis.
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      return (Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[SYSTEM_TICKS]))
          * MILLIS_PER_TICK;
    } catch (NoSuchFileException e) {
      return 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
