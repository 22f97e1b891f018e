package dev.relayauth.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
      description = {
        "Changes the limits that are named; the others stay as they are.",
        "Reads the identity's own limits first, which takes identity:read and budget:read."
      },
      mixinStandardHelpOptions = true)
  int set(
      @Mixin Connection connection,
      @Parameters(paramLabel = "IDENTITY") String identity,
      @Mixin LimitOptions options) {
    Map<String, Object> limits =
        options.isNone() ? Map.of() : options.changed(own(connection, identity));
    return connection.print("PUT", path(identity), limits, List.of());
  }

  /** The budget of an identity tells its parent's where it has none, and the least of both. */
  private static JsonNode own(Connection connection, String identity) {
    JsonNode budget = connection.call("GET", path(identity), null);
    return budget.hasNonNull("inheritedFrom") || budget.path("limits").isEmpty()
        ? MissingNode.getInstance()
        : connection
            .call("GET", "/v1/identities/" + Connection.segment(identity), null)
            .path("budget");
  }

  private static String path(String identity) {
    return "/v1/identities/" + Connection.segment(identity) + "/budget";
  }
}
