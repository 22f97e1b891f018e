package dev.relayauth.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** A change of one limit leaves all others as the identity itself has them. */
class BudgetSetTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String IDENTITY = "/v1/identities/agent_a";
  private static final String BUDGET = IDENTITY + "/budget";

  private final Map<String, String> answers = new ConcurrentHashMap<>();
  private final Map<String, String> written = new ConcurrentHashMap<>();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().toString();
    String sent = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    if (exchange.getRequestMethod().equals("PUT")) {
      written.put(path, sent);
    }
    byte[] body = answers.getOrDefault(path, "{}").getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private JsonNode set(String... words) throws IOException {
    List<String> all = new ArrayList<>(List.of("budget", "set", "agent_a"));
    all.addAll(List.of(words));
    String url = "http://127.0.0.1:" + server.getAddress().getPort();
    all.addAll(List.of("--url", url, "--api-key", "rak_x"));
    StringWriter errors = new StringWriter();
    CommandLine commands =
        RelayAuthCommand.commandLine()
            .setOut(new PrintWriter(new StringWriter()))
            .setErr(new PrintWriter(errors, true));
    assertThat(commands.execute(all.toArray(String[]::new))).as(errors.toString()).isZero();
    return JSON.readTree(written.get(BUDGET));
  }

  private static JsonNode json(String text) throws IOException {
    return JSON.readTree(text.replace('\'', '"'));
  }

  @Test
  void leavesWhatIsNotNamedAndTakesTheIdentitysOwnRatherThanWhatBindsIt() throws IOException {
    answers.put(BUDGET, "{\"limits\":{\"maxCostPerDay\":4,\"maxActionsPerHour\":2},\"usage\":{}}");
    answers.put(
        IDENTITY,
        "{\"id\":\"agent_a\",\"budget\":{\"maxCostPerDay\":5.5,\"currency\":\"JPY\",\"mode\":null,"
            + "\"autoSuspend\":true,\"scopeCaps\":[{\"scope\":\"a:b:c\",\"max\":3,\"window\":\"1h\"}]}}");

    assertThat(set("--alert-at", "0.5", "--cost-per-month", "50"))
        .isEqualTo(
            json(
                "{'maxCostPerDay':5.5,'currency':'JPY','autoSuspend':true,"
                    + "'scopeCaps':[{'scope':'a:b:c','max':3,'window':'1h'}],"
                    + "'maxCostPerMonth':50,'alertThreshold':0.5}"));
    assertThat(set("--clear", "scopeCaps", "--clear", "currency", "--no-auto-suspend"))
        .isEqualTo(json("{'maxCostPerDay':5.5,'autoSuspend':false}"));
    assertThat(set("--none")).isEqualTo(json("{}"));
  }

  @Test
  void makesNoneOfTheParentsLimitsTheIdentitysOwn() throws IOException {
    answers.put(BUDGET, "{\"limits\":{\"maxCostPerDay\":4},\"inheritedFrom\":\"agent_p\"}");
    answers.put(IDENTITY, "{\"id\":\"agent_a\",\"budget\":{\"maxCostPerDay\":4}}");

    assertThat(
            set(
                "--actions-per-hour",
                "3",
                "--currency",
                "EUR",
                "--scope-caps",
                "[{\"scope\":\"a:b:c\",\"max\":1,\"window\":\"day\"}]"))
        .isEqualTo(
            json(
                "{'maxActionsPerHour':3,'currency':'EUR',"
                    + "'scopeCaps':[{'scope':'a:b:c','max':1,'window':'day'}]}"));
  }
}
