package dev.relayauth.cli;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code relayauth identity …}. */
@Command(
    name = "identity",
    description = "Agents, humans and services.",
    mixinStandardHelpOptions = true)
final class IdentityCommands {
  private static final String PATH = "/v1/identities";
  private static final List<String> COLUMNS =
      List.of("id", "name", "type", "status", "sponsorId", "scopes");

  @Command(name = "create", description = "Creates one.", mixinStandardHelpOptions = true)
  int create(
      @Mixin Connection connection,
      @Parameters(paramLabel = "NAME") String name,
      @Option(names = "--sponsor", required = true, description = "A human or an agent.")
          String sponsor,
      @Option(names = "--scope", description = "A standing grant; repeatable.")
          @Nullable List<String> scopes,
      @Option(names = "--role", description = "A role's id; repeatable.")
          @Nullable List<String> roles,
      @Option(names = "--type", description = "agent, human or service.") @Nullable String type,
      @Option(names = "--workspace") @Nullable String workspace) {
    Body body =
        new Body()
            .with("name", name)
            .with("sponsorId", sponsor)
            .with("scopes", scopes)
            .with("roles", roles)
            .with("type", type)
            .with("workspaceId", workspace);
    return connection.print("POST", PATH, body.toMap(), COLUMNS);
  }

  @Command(
      name = "list",
      description = "Lists them, newest first.",
      mixinStandardHelpOptions = true)
  int list(
      @Mixin Connection connection,
      @Option(names = "--status") @Nullable String status,
      @Option(names = "--sponsor") @Nullable String sponsor,
      @Option(names = "--workspace") @Nullable String workspace,
      @Option(names = "--limit", defaultValue = "50") int limit,
      @Option(names = "--cursor") @Nullable String cursor) {
    Body query =
        new Body()
            .with("limit", limit)
            .with("status", status)
            .with("sponsorId", sponsor)
            .with("workspaceId", workspace)
            .with("cursor", cursor);
    return connection.print("GET", Connection.query(PATH, query.toMap()), null, COLUMNS);
  }

  @Command(name = "get", description = "Shows one.", mixinStandardHelpOptions = true)
  int get(@Mixin Connection connection, @Parameters(paramLabel = "ID") String id) {
    return connection.print("GET", PATH + "/" + Connection.segment(id), null, COLUMNS);
  }

  @Command(
      name = "suspend",
      description = "Suspends it, its sub-agents and all their tokens.",
      mixinStandardHelpOptions = true)
  int suspend(
      @Mixin Connection connection,
      @Parameters(paramLabel = "ID") String id,
      @Option(names = "--reason", required = true) String reason) {
    return change(connection, id, "suspend", Map.of("reason", reason));
  }

  @Command(name = "reactivate", description = "Ends a suspension.", mixinStandardHelpOptions = true)
  int reactivate(@Mixin Connection connection, @Parameters(paramLabel = "ID") String id) {
    return change(connection, id, "reactivate", Map.of());
  }

  @Command(name = "retire", description = "Retires it for good.", mixinStandardHelpOptions = true)
  int retire(@Mixin Connection connection, @Parameters(paramLabel = "ID") String id) {
    return change(connection, id, "retire", Map.of());
  }

  private static int change(Connection connection, String id, String verb, Map<String, ?> body) {
    return connection.print(
        "POST", PATH + "/" + Connection.segment(id) + "/" + verb, body, COLUMNS);
  }
}
