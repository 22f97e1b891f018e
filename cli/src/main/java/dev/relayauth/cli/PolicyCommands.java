package dev.relayauth.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code relayauth policy …}. */
@Command(name = "policy", description = "Policies.", mixinStandardHelpOptions = true)
final class PolicyCommands {
  private static final List<String> COLUMNS =
      List.of("id", "name", "effect", "scopes", "priority", "workspaceId", "identityId");

  @Command(name = "create", description = "Creates one.", mixinStandardHelpOptions = true)
  int create(
      @Mixin Connection connection,
      @Parameters(paramLabel = "NAME") String name,
      @Option(names = "--effect", required = true, description = "allow or deny.") String effect,
      @Option(names = "--scope", required = true) List<String> scopes,
      @Option(names = "--priority") @Nullable Integer priority,
      @Option(names = "--workspace") @Nullable String workspace,
      @Option(names = "--identity") @Nullable String identity) {
    Body body =
        new Body()
            .with("name", name)
            .with("effect", effect)
            .with("scopes", scopes)
            .with("priority", priority)
            .with("workspaceId", workspace)
            .with("identityId", identity);
    return connection.print("POST", "/v1/policies", body.toMap(), COLUMNS);
  }

  @Command(name = "list", description = "Lists them.", mixinStandardHelpOptions = true)
  int list(@Mixin Connection connection) {
    return connection.print("GET", "/v1/policies?limit=200", null, COLUMNS);
  }

  @Command(name = "delete", description = "Deletes one.", mixinStandardHelpOptions = true)
  int delete(@Mixin Connection connection, @Parameters(paramLabel = "ID") String id) {
    connection.call("DELETE", "/v1/policies/" + Connection.segment(id), null);
    return 0;
  }
}
