package dev.relayauth.sdk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.junit.platform.engine.discovery.ClassNameFilter.excludeClassNamePatterns;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClasspathRoots;
import static org.junit.platform.launcher.TagFilter.excludeTags;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/**
 * The module's tests again, but those that wait for time to pass, on the oldest Java that it
 * promises: {@code --release 17} says which methods there are, not what they do. The JDK is {@code
 * JAVA17_HOME}, or in /usr/lib/jvm.
 */
class OldestJavaTest {
  private static final Path INSTALLED = Path.of("/usr/lib/jvm");

  @Test
  void passesEveryTestOnJava17() throws Exception {
    Optional<Path> java = java17();
    assumeThat(java).as("a Java 17: set JAVA17_HOME, or install one in " + INSTALLED).isPresent();

    Process run =
        new ProcessBuilder(
                java.get().toString(),
                "-Xmx1g",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                OldestJavaTest.class.getName())
            .redirectErrorStream(true)
            .start();
    String said = new String(run.getInputStream().readAllBytes(), UTF_8);

    assertThat(run.waitFor()).as(said).isZero();
    assertThat(said).contains("on Java 17").doesNotContain(" 0 tests successful");
  }

  private static Optional<Path> java17() throws IOException {
    List<Path> homes = new ArrayList<>();
    Optional.ofNullable(System.getenv("JAVA17_HOME")).map(Path::of).ifPresent(homes::add);
    if (Files.isDirectory(INSTALLED)) {
      try (DirectoryStream<Path> found = Files.newDirectoryStream(INSTALLED, "*17*")) {
        found.forEach(homes::add);
      }
    }
    return homes.stream()
        .map(home -> home.resolve("bin/java"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Runs the other tests here, and fails as they do. */
  public static void main(String[] arguments) throws Exception {
    Path tests =
        Path.of(OldestJavaTest.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    LauncherDiscoveryRequest others =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(selectClasspathRoots(Set.of(tests)))
            .filters(excludeClassNamePatterns(OldestJavaTest.class.getName()), excludeTags("waits"))
            .configurationParameter("jqwik.database", "target/jqwik-database-17")
            .build();
    SummaryGeneratingListener summary = new SummaryGeneratingListener();
    LauncherFactory.create().execute(others, summary);

    System.out.println("on Java " + Runtime.version().feature());
    PrintWriter out = new PrintWriter(System.out, true, UTF_8);
    summary.getSummary().printFailuresTo(out);
    summary.getSummary().printTo(out);
    System.exit(summary.getSummary().getTotalFailureCount() == 0 ? 0 : 1);
  }
}
