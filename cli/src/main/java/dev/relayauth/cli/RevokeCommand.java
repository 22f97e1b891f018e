package dev.relayauth.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code relayauth revoke}. */
@Command(
    name = "revoke",
    description = "Takes access away, everywhere, in less than a second.",
    mixinStandardHelpOptions = true)
final class RevokeCommand implements Callable<Integer> {
  @Mixin private final Connection connection = new Connection();

  @Parameters(
      index = "0",
      paramLabel = "KIND",
      description = "token, session, identity, sponsor, workspace, organization or key.")
  private String kind = "";

  @Parameters(index = "1", paramLabel = "ID")
  private String id = "";

  @Option(names = "--reason", defaultValue = "revoked on the command line")
  private String reason = "";

  @Option(names = "--wait", description = "Until every verifier has applied it; prints how long.")
  private boolean wait;

  @Override
  public Integer call() {
    Body body =
        new Body()
            .with("type", kind)
            .with("id", id)
            .with("reason", reason)
            .with("wait", wait ? "all" : "none");
    return connection.print("POST", "/v1/revocations", body.toMap(), List.of());
  }
}
