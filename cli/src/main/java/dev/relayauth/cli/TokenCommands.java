package dev.relayauth.cli;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code relayauth token …}. */
@Command(name = "token", description = "Access tokens.", mixinStandardHelpOptions = true)
final class TokenCommands {
  @Command(name = "issue", description = "Issues a pair.", mixinStandardHelpOptions = true)
  int issue(
      @Mixin Connection connection,
      @Parameters(paramLabel = "IDENTITY") String identity,
      @Option(names = "--scope", description = "What it may do; repeatable.")
          @Nullable List<String> scopes,
      @Option(names = "--audience", description = "For whom; repeatable.")
          @Nullable List<String> audience,
      @Option(names = "--ttl", description = "15m, 1h, or seconds.") @Nullable String ttl) {
    Object lifetime = ttl != null && ttl.matches("\\d+") ? (Object) Long.valueOf(ttl) : ttl;
    Body body =
        new Body()
            .with("identityId", identity)
            .with("scopes", scopes)
            .with("audience", audience)
            .with("ttl", lifetime);
    return connection.print("POST", "/v1/tokens", body.toMap(), List.of());
  }

  @Command(
      name = "introspect",
      description = "Shows the claims of a token that is active.",
      mixinStandardHelpOptions = true)
  int introspect(@Mixin Connection connection, @Parameters(paramLabel = "TOKEN") String token) {
    String path = Connection.query("/v1/tokens/introspect", Map.of("token", token));
    var claims = connection.call("GET", path, null);
    if (claims.isNull()) {
      throw new IllegalArgumentException("the token is not active");
    }
    connection.print(claims, List.of());
    return 0;
  }

  @Command(name = "sessions", description = "Lists sessions.", mixinStandardHelpOptions = true)
  int sessions(
      @Mixin Connection connection,
      @Option(names = "--identity", required = true) String identity) {
    return connection.print(
        "GET",
        Connection.query("/v1/sessions", Map.of("identityId", identity)),
        null,
        List.of("id", "identityId", "createdAt", "expiresAt"));
  }
}
