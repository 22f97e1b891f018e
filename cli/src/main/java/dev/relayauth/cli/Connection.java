package dev.relayauth.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.relayauth.sdk.RelayAuthClient;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Where RelayAuth is, and how the answer is printed. Every command has it. */
final class Connection {
  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec command;

  @Option(
      names = "--url",
      description = "RelayAuth's base URL; RELAYAUTH_URL when not said.",
      defaultValue = "${env:RELAYAUTH_URL}")
  private @Nullable String url;

  @Option(
      names = "--api-key",
      description = "API key or token; better in RELAYAUTH_API_KEY, which no process list shows.",
      defaultValue = "${env:RELAYAUTH_API_KEY}")
  private @Nullable String key;

  @Option(
      names = {"-o", "--output"},
      description = "json or table (${COMPLETION-CANDIDATES}).",
      defaultValue = "table")
  private Output output = Output.table;

  /** How answers are printed. Lower case, for they are words of the command line. */
  enum Output {
    json,
    table
  }

  /** Calls a route and prints the answer. */
  int print(String method, String path, @Nullable Object body, List<String> columns) {
    JsonNode answer = call(method, path, body);
    print(answer, columns);
    return 0;
  }

  void print(JsonNode answer, List<String> columns) {
    var out = Objects.requireNonNull(command).commandLine().getOut();
    out.print(output == Output.json ? answer.toPrettyString() + "\n" : Table.of(answer, columns));
    out.flush();
  }

  JsonNode call(String method, String path, @Nullable Object body) {
    return call(client -> client.call(method, path, body));
  }

  JsonNode call(Function<RelayAuthClient, JsonNode> question) {
    if (url == null || key == null) {
      throw new IllegalStateException(
          "set RELAYAUTH_URL and RELAYAUTH_API_KEY, or say --url and --api-key");
    }
    try (RelayAuthClient client = RelayAuthClient.builder().url(url).apiKey(key).build()) {
      return question.apply(client);
    }
  }

  /** A query of what is not null. */
  static String query(String path, Map<String, ?> members) {
    List<String> parts = new ArrayList<>();
    members.forEach((name, value) -> parts.add(name + "=" + encode(String.valueOf(value))));
    return parts.isEmpty() ? path : path + "?" + String.join("&", parts);
  }

  /** A segment of a path, which an id always is: nothing else names one thing. */
  static String segment(String id) {
    if (id.isBlank() || id.equals(".") || id.equals("..")) {
      throw new IllegalArgumentException("an id is needed");
    }
    return encode(id);
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
