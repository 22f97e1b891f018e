package dev.relayauth.cli;

import dev.relayauth.sdk.RelayAuthException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.TypeConversionException;

/** {@code relayauth}: the API, a command a noun. */
@Command(
    name = "relayauth",
    description = "Identity, sponsorship and access for AI agents.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      IdentityCommands.class,
      TokenCommands.class,
      AuthorizeCommand.class,
      RoleCommands.class,
      PolicyCommands.class,
      AuditCommands.class,
      RevokeCommand.class,
      BudgetCommands.class,
      ApiKeyCommands.class,
      ApplyCommand.class,
      GenerateCompletion.class
    })
public final class RelayAuthCommand {
  private RelayAuthCommand() {}

  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    CommandLine commands = new CommandLine(new RelayAuthCommand());
    commands.registerConverter(BigDecimal.class, RelayAuthCommand::number);
    commands.setExecutionExceptionHandler(RelayAuthCommand::refused);
    tellVersion(commands);
    return commands;
  }

  /** Each command takes {@code --version}, and a provider isn't inherited. */
  private static void tellVersion(CommandLine command) {
    command.getCommandSpec().versionProvider(new Version());
    command.getSubcommands().values().forEach(RelayAuthCommand::tellVersion);
  }

  private static BigDecimal number(String text) {
    try {
      return new BigDecimal(text);
    } catch (NumberFormatException e) {
      throw new TypeConversionException("'" + text + "' is not a number");
    }
  }

  /**
   * Exit 1: RelayAuth refused it; 3: it was not reached; 2, picocli's own: a wrong command line.
   */
  private static int refused(Exception failure, CommandLine command, CommandLine.ParseResult parsed)
      throws Exception {
    PrintWriter errors = command.getErr();
    if (failure instanceof RelayAuthException.Unavailable) {
      errors.println("relayauth: " + plain(failure));
      return 3;
    }
    if (failure instanceof RelayAuthException refusal) {
      errors.println("relayauth: " + plain(refusal));
      refusal.requestId().ifPresent(id -> errors.println("  request " + Table.plain(id)));
      return 1;
    }
    if (failure instanceof IllegalStateException || failure instanceof IllegalArgumentException) {
      errors.println("relayauth: " + plain(failure));
      return 2;
    }
    throw failure;
  }

  /** The message may quote what a server said. */
  private static String plain(Exception failure) {
    return Table.plain(String.valueOf(failure.getMessage()));
  }
}
