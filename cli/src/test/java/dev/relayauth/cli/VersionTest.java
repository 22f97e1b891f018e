package dev.relayauth.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class VersionTest {
  @ParameterizedTest
  @ValueSource(strings = {"--version", "-V", "identity --version", "identity create --version"})
  void isThatOfTheBuild(String typed) {
    StringWriter out = new StringWriter();
    CommandLine commands = RelayAuthCommand.commandLine().setOut(new PrintWriter(out));

    int exit = commands.execute(typed.split(" "));

    assertThat(exit).isZero();
    assertThat(out.toString().strip()).matches("relayauth \\d+\\.\\d+\\.\\d+(-SNAPSHOT)?");
  }
}
