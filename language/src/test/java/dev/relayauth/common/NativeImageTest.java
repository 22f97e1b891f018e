package dev.relayauth.common;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.relayauth.common.token.CryptoProvider;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is initialised as a native image is built must be the same for every process. */
class NativeImageTest {
  private static final String SETTINGS =
      "/META-INF/native-image/dev.relayauth/relayauth-language/native-image.properties";
  private static final Pattern DRAWN = Pattern.compile("static final \\w+ \\w+ = new SecureRandom");

  @Test
  void holdsNoProviderOfTheMachineThatBuildsIt() throws Exception {
    assertThat(chosen("-Dorg.graalvm.nativeimage.imagecode=buildtime")).isEqualTo("JDK");
    assertThat(chosen("-Drelayauth.native=no")).isEqualTo(CryptoProvider.preferred().name());
  }

  @Test
  void drawsSecretsInEachProcess() throws IOException, URISyntaxException {
    Properties settings = new Properties();
    try (InputStream file = NativeImageTest.class.getResourceAsStream(SETTINGS)) {
      settings.load(Objects.requireNonNull(file, SETTINGS));
    }
    Path sources = Path.of("src", "main", "java");
    TreeSet<String> drawn = new TreeSet<>();
    try (Stream<Path> files = Files.walk(sources)) {
      for (Path file :
          (Iterable<Path>) files.filter(f -> f.toString().endsWith(".java"))::iterator) {
        if (DRAWN.matcher(Files.readString(file)).find()) {
          drawn.add(sources.relativize(file).toString().replace(".java", "").replace('/', '.'));
        }
      }
    }

    assertThat(settings.getProperty("Args"))
        .isEqualTo("--initialize-at-run-time=" + String.join(",", drawn));
  }

  private static String chosen(String option) throws Exception {
    Process run =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                option,
                "-cp",
                System.getProperty("java.class.path"),
                NativeImageTest.class.getName())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String said = new String(run.getInputStream().readAllBytes(), UTF_8);
    assertThat(run.waitFor()).as(said).isZero();
    return said.strip();
  }

  /** Chooses. */
  public static void main(String[] arguments) {
    System.out.println(CryptoProvider.preferred().name());
  }
}
