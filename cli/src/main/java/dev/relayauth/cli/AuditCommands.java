package dev.relayauth.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    Map<String, Object> query = new LinkedHashMap<>();
    query.put("limit", limit);
    put(query, "identityId", identity);
    put(query, "sponsorId", sponsor);
    put(query, "action", action);
    put(query, "result", result);
    put(query, "cursor", cursor);
    return connection.print("GET", Connection.query("/v1/audit", query), null, COLUMNS);
  }

  @Command(name = "get", description = "Shows an entry.", mixinStandardHelpOptions = true)
  int get(@Mixin Connection connection, @Parameters(paramLabel = "ID") String id) {
    return connection.print("GET", "/v1/audit/" + Connection.segment(id), null, COLUMNS);
  }

  private static void put(Map<String, Object> query, String name, @Nullable Object value) {
    if (value != null) {
      query.put(name, value);
    }
  }
}
