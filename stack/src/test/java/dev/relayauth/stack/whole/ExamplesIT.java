package dev.relayauth.stack.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.relayauth.examples.audit.AuditConsumer;
import dev.relayauth.examples.audit.Ledger;
import dev.relayauth.examples.ci.CiJob;
import dev.relayauth.sdk.Secret;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples against the running stack: a CI job without a secret, an outside audit consumer. */
class ExamplesIT {
  private static WholeStack stack;

  @BeforeAll
  static void start() {
    stack = WholeStack.shared();
  }

  @Test
  void givesACiJobTheTokenOfItsAgent() throws Exception {
    String agent = newAgent();
    Secret assertion = new Secret(OutsideCi.shared().assertion(OutsideCi.REPOSITORY, agent));

    Secret token = new CiJob().agentToken(stack.baseUrl(), assertion, "stripe:orders:read");

    JsonObject claims = Jwt.claims(token.value());
    assertThat(claims.getString("sub")).isEqualTo(agent);
    assertThat(claims.getJsonArray("scopes")).isEqualTo(new JsonArray().add("stripe:orders:read"));
    assertThat(claims.getJsonArray("sponsorChain").getString(0)).isEqualTo("user_jane");
  }

  @Test
  void givesNoTokenToAnotherRepositoryOrForMoreOrOnAForgedWord() {
    String agent = newAgent();
    CiJob job = new CiJob();
    String base = stack.baseUrl();
    Secret good = new Secret(OutsideCi.shared().assertion(OutsideCi.REPOSITORY, agent));
    Secret foreign = new Secret(OutsideCi.shared().assertion("evil/fork", agent));
    Secret forged = new Secret(OutsideCi.shared().forged(agent));

    assertThatThrownBy(() -> job.agentToken(base, foreign, "")).isInstanceOf(CiJob.Refused.class);
    assertThatThrownBy(() -> job.agentToken(base, forged, "")).isInstanceOf(CiJob.Refused.class);
    assertThatThrownBy(() -> job.agentToken(base, good, "stripe:orders:refund"))
        .isInstanceOf(CiJob.Refused.class)
        .hasMessageContaining("invalid_scope")
        .hasMessageNotContaining(good.value());
  }

  @Test
  void keepsEachAuditEventOnceHoweverOftenItComes(@TempDir Path folder) throws Exception {
    String agent = newAgent();
    Path file = folder.resolve("audit.ndjson");

    consume(file, agent);
    List<String> before = Files.readAllLines(file);
    // A crash in the middle of a line; and another group, which gets everything again.
    Files.writeString(file, "{\"source\":\"identity", StandardOpenOption.APPEND);
    consume(file, newAgent());

    List<String> lines = Files.readAllLines(file);
    Set<String> keys =
        lines.stream()
            .map(JsonObject::new)
            .map(each -> each.getString("source") + " " + each.getString("id"))
            .collect(Collectors.toSet());
    assertThat(keys).hasSameSizeAs(lines);
    assertThat(lines).containsAll(before);
    assertThat(lines)
        .anyMatch(line -> line.contains(agent) && line.contains("dev.relayauth.identity.created"));
  }

  /** Reads from the beginning until something about {@code agent} has come. */
  private static void consume(Path file, String agent) throws IOException {
    String group = "example-" + UUID.randomUUID();
    String bootstrap = "127.0.0.1:" + stack.port("kafka");
    try (Ledger ledger = Ledger.open(file);
        AuditConsumer consumer = new AuditConsumer(bootstrap, group, Map.of(), ledger)) {
      WholeStack.await(
          Duration.ofSeconds(30),
          () -> {
            try {
              consumer.poll();
              return Files.readString(file).contains(agent);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    }
  }

  private static String newAgent() {
    JsonObject agent =
        new JsonObject()
            .put("name", "example-" + Long.toString(System.nanoTime(), 36))
            .put("sponsorId", "user_jane")
            .put("scopes", new JsonArray().add("stripe:orders:read"));
    return stack.api().post("/v1/identities", agent).expect(201).text("id");
  }
}
