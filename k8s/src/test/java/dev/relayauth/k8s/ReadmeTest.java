package dev.relayauth.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The chart's README lists its values as they are. With {@code -Drelayauth.write-readme=true} it is
 * written instead.
 */
class ReadmeTest {
  private static final Path README = Chart.HOME.resolve("README.md");
  private static final String HEADING = "## Values";

  @Test
  void listsTheValuesAsTheyAre() throws IOException {
    String before = Files.readString(README).split(HEADING, 2)[0];
    List<String> table = ValuesTable.lines();
    String wanted = before + HEADING + "\n\n" + String.join("\n", table) + "\n";
    if (Boolean.getBoolean("relayauth.write-readme")) {
      Files.writeString(README, wanted);
    }

    assertThat(table).hasSizeGreaterThan(30);
    assertThat(Files.readString(README)).isEqualTo(wanted);
  }
}
