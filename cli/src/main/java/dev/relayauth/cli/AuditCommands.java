package dev.relayauth.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code relayauth audit …}. */
@Command(name = "audit", description = "The audit trail.", mixinStandardHelpOptions = true)
final class AuditCommands {
  private static final List<String> COLUMNS =
      List.of("timestamp", "action", "result", "identityId", "plane", "resource", "sponsorChain");

  @Command(
      name = "list",
      description = "Lists entries, newest first.",
      mixinStandardHelpOptions = true)
  int list(
      @Mixin Connection connection,
      @Option(names = "--identity") @Nullable String identity,
      @Option(names = "--sponsor", description = "Everything under a human.")
          @Nullable String sponsor,
      @Option(names = "--action") @Nullable String action,
      @Option(names = "--result", description = "allowed, denied or error.")
          @Nullable String result,
      @Option(names = "--limit", defaultValue = "50") int limit,
      @Option(names = "--cursor") @Nullable String cursor) {
    Body query =
        new Body()
            .with("limit", limit)
            .with("identityId", identity)
            .with("sponsorId", sponsor)
            .with("action", action)
            .with("result", result)
            .with("cursor", cursor);
    return connection.print("GET", Connection.query("/v1/audit", query.toMap()), null, COLUMNS);
  }

  @Command(name = "get", description = "Shows an entry.", mixinStandardHelpOptions = true)
  int get(@Mixin Connection connection, @Parameters(paramLabel = "ID") String id) {
    return connection.print("GET", "/v1/audit/" + Connection.segment(id), null, COLUMNS);
  }
}
