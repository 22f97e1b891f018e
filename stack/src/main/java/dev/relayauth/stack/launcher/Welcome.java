package dev.relayauth.stack.launcher;

import java.nio.file.Path;

/** The last thing that {@code up} prints: where everything is, and something to try. */
final class Welcome {
  private Welcome() {}

  static String to(String baseUrl, Options options) {
    boolean usual = options.state().equals(Path.of(".relayauth").toAbsolutePath().normalize());
    String state = usual ? "" : " --state " + options.state();
    return """

        RelayAuth is ready.
          Base URL     %1$s
          Console      %1$s/console
          Credentials  %2$s
          Try          curl -H "x-api-key: $(./relayauth credential adminApiKey%3$s)" %1$s/v1/identities
        """
        .formatted(baseUrl, options.state().resolve("credentials.json"), state);
  }
}
