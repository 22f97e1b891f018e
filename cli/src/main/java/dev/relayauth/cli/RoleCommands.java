package dev.relayauth.cli;

import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code relayauth role …}. */
@Command(name = "role", description = "Roles and who has them.", mixinStandardHelpOptions = true)
final class RoleCommands {
  private static final List<String> COLUMNS = List.of("id", "name", "scopes");

  @Command(name = "create", description = "Creates one.", mixinStandardHelpOptions = true)
  int create(
      @Mixin Connection connection,
      @Parameters(paramLabel = "NAME") String name,
      @Option(names = "--scope", required = true) List<String> scopes) {
    return connection.print("POST", "/v1/roles", Map.of("name", name, "scopes", scopes), COLUMNS);
  }

  @Command(name = "list", description = "Lists them.", mixinStandardHelpOptions = true)
  int list(@Mixin Connection connection) {
    return connection.print("GET", "/v1/roles?limit=200", null, COLUMNS);
  }

  @Command(
      name = "assign",
      description = "Gives it to an identity.",
      mixinStandardHelpOptions = true)
  int assign(
      @Mixin Connection connection,
      @Parameters(paramLabel = "ROLE") String role,
      @Option(names = "--identity", required = true) String identity) {
    return connection.print(
        "POST",
        "/v1/identities/" + Connection.segment(identity) + "/roles",
        Map.of("roleId", role),
        COLUMNS);
  }
}
