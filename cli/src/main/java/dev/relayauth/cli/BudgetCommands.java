package dev.relayauth.cli;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code relayauth budget …}. */
@Command(name = "budget", description = "Limits and usage.", mixinStandardHelpOptions = true)
final class BudgetCommands {
  @Command(name = "get", description = "Shows limits and usage.", mixinStandardHelpOptions = true)
  int get(@Mixin Connection connection, @Parameters(paramLabel = "IDENTITY") String identity) {
    return connection.print("GET", path(identity), null, List.of());
  }

  @Command(
      name = "set",
      description = "Sets the limits, those alone that are named.",
      mixinStandardHelpOptions = true)
  int set(
      @Mixin Connection connection,
      @Parameters(paramLabel = "IDENTITY") String identity,
      @Option(names = "--actions-per-hour") @Nullable Long actions,
      @Option(names = "--cost-per-day") @Nullable BigDecimal cost,
      @Option(names = "--alert-at", description = "A share, 0 to 1.") @Nullable BigDecimal alert,
      @Option(names = "--auto-suspend") boolean autoSuspend,
      @Option(names = "--none", description = "Takes all limits away.") boolean none) {
    Body body =
        new Body()
            .with("maxActionsPerHour", actions)
            .with("maxCostPerDay", cost)
            .with("alertThreshold", alert)
            .with("autoSuspend", autoSuspend ? true : null);
    if (body.toMap().isEmpty() != none) {
      throw new IllegalArgumentException("name the limits that are to hold, or --none alone");
    }
    return connection.print("PUT", path(identity), body.toMap(), List.of());
  }

  private static String path(String identity) {
    return "/v1/identities/" + Connection.segment(identity) + "/budget";
  }
}
