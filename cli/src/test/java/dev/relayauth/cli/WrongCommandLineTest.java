package dev.relayauth.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** What is typed wrongly is said in words, ends with 2, and never reaches the API. */
class WrongCommandLineTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "budget set agent_a --cost-per-day x|is not a number",
        "budget set agent_a|name the limits that are to change",
        "budget set agent_a --clear maxCost|--clear maxCost is no limit",
        "budget set agent_a --scope-caps [{|--scope-caps is not JSON",
        "budget set agent_a --none --actions-per-hour 3|name the limits that are to change",
      })
  void isRefusedInWords(String typed, String said) {
    StringWriter errors = new StringWriter();
    CommandLine commands = RelayAuthCommand.commandLine().setErr(new PrintWriter(errors));

    int exit = commands.execute(typed.split(" "));

    assertThat(exit).isEqualTo(2);
    assertThat(errors.toString()).contains(said).doesNotContain("Exception");
  }
}
