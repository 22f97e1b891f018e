package dev.relayauth.cli;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code relayauth api-key …}. */
@Command(name = "api-key", description = "API keys.", mixinStandardHelpOptions = true)
final class ApiKeyCommands {
  private static final List<String> COLUMNS =
      List.of("id", "name", "prefix", "scopes", "expiresAt", "lastUsedAt", "revoked");

  @Command(
      name = "create",
      description = "Creates one; its secret is shown once.",
      mixinStandardHelpOptions = true)
  int create(
      @Mixin Connection connection,
      @Parameters(paramLabel = "NAME") String name,
      @Option(names = "--scope", required = true) List<String> scopes,
      @Option(names = "--expires-at", description = "An instant, ISO 8601.")
          @Nullable String expiresAt) {
    Body body = new Body().with("name", name).with("scopes", scopes).with("expiresAt", expiresAt);
    return connection.print("POST", "/v1/api-keys", body.toMap(), COLUMNS);
  }

  @Command(name = "list", description = "Lists them.", mixinStandardHelpOptions = true)
  int list(@Mixin Connection connection) {
    return connection.print("GET", "/v1/api-keys?limit=200", null, COLUMNS);
  }

  @Command(name = "revoke", description = "Revokes one.", mixinStandardHelpOptions = true)
  int revoke(@Mixin Connection connection, @Parameters(paramLabel = "ID") String id) {
    return connection.print(
        "POST", "/v1/api-keys/" + Connection.segment(id) + "/revoke", Map.of(), COLUMNS);
  }
}
