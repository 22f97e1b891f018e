package dev.relayauth.stack.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How many bytes live in the heap of another JVM of this user, by {@code jcmd}. */
final class HeapGauge {
  private static final Pattern USED =
      Pattern.compile(
          "(?m)^\\s*(?:DefNew|Tenured|def new generation|tenured generation|garbage-first heap)"
              + "\\s+total \\d+K, used (\\d+)K");

  private HeapGauge() {}

  /**
   * What is left after two full collections.
   *
   * @throws IOException when the process is no JVM that can be asked
   */
  static long liveBytes(long pid) throws IOException, InterruptedException {
    ask(pid, "GC.run");
    ask(pid, "GC.run");
    String answer = ask(pid, "GC.heap_info");
    Matcher used = USED.matcher(answer);
    long kilobytes = 0;
    boolean found = false;
    while (used.find()) {
      kilobytes += Long.parseLong(used.group(1));
      found = true;
    }
    if (!found) {
      throw new IOException("a heap that can't be read: " + answer);
    }
    return kilobytes * 1024;
  }

  private static String ask(long pid, String command) throws IOException, InterruptedException {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    Process process =
        new ProcessBuilder(jcmd.toString(), Long.toString(pid), command)
            .redirectErrorStream(true)
            .start();
    String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("jcmd " + command + ": " + answer);
    }
    return answer;
  }
}
