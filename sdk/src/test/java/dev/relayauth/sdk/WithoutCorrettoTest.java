package dev.relayauth.sdk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.relayauth.common.token.CryptoProvider;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** A client without the optional crypto provider, as it is when nobody adds it. */
class WithoutCorrettoTest {
  @Test
  void saysInALineThatItUsesTheJdk() throws Exception {
    Process run =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                WithoutCorrettoTest.class.getName())
            .redirectErrorStream(true)
            .start();
    String said = new String(run.getInputStream().readAllBytes(), UTF_8);

    assertThat(run.waitFor()).as(said).isZero();
    assertThat(said).contains("chosen: JDK", "INFO: signatures use the JDK's provider");
    assertThat(said).doesNotContain("WARNING", "NoClassDefFoundError", "\tat ");
  }

  /** Chooses. */
  public static void main(String[] arguments) {
    System.out.println("chosen: " + CryptoProvider.preferred().name());
  }
}
