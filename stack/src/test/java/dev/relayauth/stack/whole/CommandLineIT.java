package dev.relayauth.stack.whole;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./relayauth identity …} and its like, typed as a person types them. */
class CommandLineIT {
  private static WholeStack stack;

  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    stack = WholeStack.shared();
  }

  private record Outcome(int exit, String out, String err) {
    JsonObject json() {
      assertThat(exit).as(err).isZero();
      return new JsonObject(out);
    }

    String table() {
      assertThat(exit).as(err).isZero();
      return out;
    }
  }

  @Test
  void leadsAnAgentThroughItsLife() {
    String id = create("cli-life", "--scope", "stripe:orders:*").getString("id");

    assertThat(run("identity", "get", id).table()).contains("status").contains("active");
    assertThat(run("identity", "list", "--sponsor", "user_jane", "--limit", "200").table())
        .startsWith("ID")
        .contains("cli-life");
    assertThat(json("identity", "suspend", id, "--reason", "a look").getString("status"))
        .isEqualTo("suspended");
    assertThat(json("identity", "reactivate", id).getString("status")).isEqualTo("active");
    assertThat(json("identity", "retire", id).getString("status")).isEqualTo("retired");
  }

  @Test
  void issuesAsksAndTakesAway() {
    String id = create("cli-token").getString("id");
    JsonObject pair = json("token", "issue", id, "--scope", "stripe:orders:read", "--ttl", "15m");
    String token = pair.getString("accessToken");

    assertThat(json("token", "introspect", token).getString("sub")).isEqualTo(id);
    assertThat(run("token", "sessions", "--identity", id).table())
        .contains(pair.getString("sessionId"));
    assertThat(json("authorize", "stripe:orders:read", "--token", token).getBoolean("allowed"))
        .isTrue();
    Outcome denied = run("authorize", "stripe:orders:approve", "--token", token, "--explain");
    assertThat(denied.exit()).isEqualTo(4);
    assertThat(denied.out()).contains("implicit_deny");

    JsonObject revoked = json("revoke", "token", Jwt.claims(token).getString("jti"), "--wait");

    assertThat(revoked.getJsonObject("acknowledged").getInteger("verifiers")).isPositive();
    assertThat(run("authorize", "stripe:orders:read", "--token", token).exit()).isEqualTo(4);
    WholeStack.await(
        Duration.ofSeconds(10),
        () ->
            run("audit", "list", "--identity", id, "--action", "token.issued")
                .table()
                .contains("user_jane"));
  }

  @Test
  void administersRolesPoliciesBudgetsAndKeys() {
    String id = create("cli-admin", "--scope", "stripe:orders:read").getString("id");

    String role = json("role", "create", "cli-reader", "--scope", "github:pr:read").getString("id");
    assertThat(run("role", "assign", role, "--identity", id).table()).contains(role);
    assertThat(run("role", "list").table()).contains("cli-reader");
    String policy =
        json("policy", "create", "cli-deny", "--effect", "deny", "--scope", "github:pr:merge")
            .getString("id");
    assertThat(run("policy", "list").table()).contains("cli-deny");
    assertThat(run("policy", "delete", policy).exit()).isZero();
    assertThat(run("policy", "list").table()).doesNotContain("cli-deny");
    run("budget", "set", id, "--actions-per-hour", "7", "--cost-per-day", "2.50").table();
    assertThat(run("budget", "get", id).table()).contains("7").contains("2.5");
    JsonObject key = json("api-key", "create", "cli-key", "--scope", "relayauth:identity:read");
    assertThat(run("api-key", "list").table())
        .contains("cli-key")
        .doesNotContain(key.getString("key"));
    run("api-key", "revoke", key.getJsonObject("apiKey").getString("id")).table();
  }

  @Test
  void appliesAYamlOnceAndPlansWithoutChangingAnything() throws IOException {
    Path file = folder.resolve("setup.yaml");
    Files.writeString(
        file,
        """
        roles:
          - name: cli-apply-reader
            scopes: ["stripe:orders:read"]
        identities:
          - name: cli-applied
            sponsor: user_jane
            scopes: ["stripe:orders:*"]
            roles: [cli-apply-reader]
        budgets:
          - identity: cli-applied
            maxCostPerDay: 12.50
        policies:
          - name: cli-apply-no-refunds
            effect: deny
            scopes: ["stripe:refunds:create"]
            identity: cli-applied
        """);

    assertThat(run("apply", "-f", file.toString(), "--plan").table())
        .startsWith("ACTION")
        .contains("cli-applied");
    assertThat(run("identity", "list", "--limit", "200").table()).doesNotContain("cli-applied");
    assertThat(created(json("apply", "-f", file.toString()))).isEqualTo(4);
    assertThat(run("identity", "list", "--limit", "200").table()).contains("cli-applied");
    assertThat(created(json("apply", "-f", file.toString()))).isZero();

    Files.writeString(file, "roles: []\nidentities: []\nbudgets: []\npolicies: []\n");
    assertThat(
            json("apply", "-f", file.toString(), "--prune")
                .getJsonObject("summary")
                .getInteger("delete"))
        .isPositive();
    assertThat(run("policy", "list").table()).doesNotContain("cli-apply-no-refunds");
  }

  @Test
  void saysByItsExitWhatWentWrong() {
    Outcome unknown = run("identity", "get", "agent_nobody");
    assertThat(unknown.exit()).isEqualTo(1);
    assertThat(unknown.err()).contains("request");
    assertThat(run("identity", "create").exit()).isEqualTo(2);
    assertThat(run("apply", "-f", folder.resolve("nowhere.yaml").toString()).exit()).isEqualTo(2);
    assertThat(run("role", "list", "--url", "http://127.0.0.1:1").exit()).isEqualTo(3);
  }

  @Test
  void writesACompletionThatBashReads() throws Exception {
    Path script = folder.resolve("completion");
    Files.writeString(script, run("generate-completion").table());

    assertThat(new ProcessBuilder("bash", "-n", script.toString()).start().waitFor()).isZero();
    assertThat(Files.readString(script)).contains("reactivate").contains("apply");
  }

  private static int created(JsonObject answer) {
    return answer.getJsonObject("summary").getInteger("create");
  }

  private static JsonObject create(String name, String... options) {
    List<String> words = new ArrayList<>(List.of("identity", "create", name));
    words.addAll(List.of("--sponsor", "user_jane"));
    words.addAll(List.of(options));
    return json(words.toArray(String[]::new));
  }

  private static JsonObject json(String... words) {
    List<String> more = new ArrayList<>(List.of(words));
    more.addAll(List.of("-o", "json"));
    return run(more.toArray(String[]::new)).json();
  }

  private static Outcome run(String... words) {
    List<String> command = new ArrayList<>();
    command.add(WholeStack.root().resolve("relayauth").toString());
    command.addAll(List.of(words));
    command.addAll(List.of("--state", stack.state().toString()));
    ProcessBuilder builder = new ProcessBuilder(command);
    try {
      Path errors = Files.createTempFile("relayauth", ".err");
      Process process = builder.redirectError(errors.toFile()).start();
      String out = new String(process.getInputStream().readAllBytes(), UTF_8);
      return new Outcome(process.waitFor(), out, Files.readString(errors));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
