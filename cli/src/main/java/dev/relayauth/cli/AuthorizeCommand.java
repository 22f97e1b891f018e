package dev.relayauth.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code relayauth authorize}: exits with 0 when it is allowed and with 4 when it is denied. */
@Command(
    name = "authorize",
    description = "May it? Exits with 0 when allowed, 4 when denied.",
    mixinStandardHelpOptions = true)
final class AuthorizeCommand implements Callable<Integer> {
  private static final int DENIED = 4;

  @Mixin private final Connection connection = new Connection();

  @Parameters(paramLabel = "SCOPE", description = "plane:resource:action[:path]")
  private String scope = "";

  @ArgGroup(multiplicity = "1")
  private final Subject subject = new Subject();

  @Option(names = "--explain", description = "Says why, in full.")
  private boolean explain;

  @Option(
      names = "--context",
      paramLabel = "NAME=VALUE",
      description = "What conditions look at; repeatable.")
  private @Nullable Map<String, String> context;

  /** Who asks. */
  static final class Subject {
    @Option(names = "--token", description = "The token presented.")
    private @Nullable String token;

    @Option(names = "--identity", description = "Dry: spends and counts nothing.")
    private @Nullable String identity;
  }

  @Override
  public Integer call() {
    Body body =
        new Body()
            .with("token", subject.token)
            .with("identityId", subject.identity)
            .with("scope", scope)
            .with("context", context)
            .with("explain", explain ? true : null);
    JsonNode decision = connection.call("POST", "/v1/authorize", body.toMap());
    connection.print(decision, List.of());
    return decision.path("allowed").asBoolean() ? 0 : DENIED;
  }
}
