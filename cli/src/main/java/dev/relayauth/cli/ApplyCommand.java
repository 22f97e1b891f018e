package dev.relayauth.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code relayauth apply}: the setup as one YAML. */
@Command(
    name = "apply",
    description =
        "Makes the setup what a YAML says: sponsors, roles, identities, budgets, policies.",
    mixinStandardHelpOptions = true)
final class ApplyCommand implements Callable<Integer> {
  private static final List<String> COLUMNS = List.of("action", "kind", "name", "id", "diff");

  @Mixin private final Connection connection = new Connection();

  @Option(
      names = {"-f", "--file"},
      required = true,
      description = "The YAML; - for standard input.")
  private Path file = Path.of("-");

  @Option(names = "--plan", description = "Says what would change, and changes nothing.")
  private boolean plan;

  @Option(
      names = "--prune",
      description = "What an earlier apply made, and this file doesn't name, goes.")
  private boolean prune;

  @Override
  public Integer call() {
    String yaml = read();
    connection.print(
        connection.call(
            client ->
                plan
                    ? client.configuration().plan(yaml, prune)
                    : client.configuration().apply(yaml, prune)),
        COLUMNS);
    return 0;
  }

  private String read() {
    try {
      return file.toString().equals("-")
          ? new String(System.in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8)
          : Files.readString(file);
    } catch (IOException e) {
      throw new IllegalArgumentException("can't read " + file, e);
    }
  }
}
