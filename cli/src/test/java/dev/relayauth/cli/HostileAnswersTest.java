package dev.relayauth.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What others wrote reaches neither the terminal as commands nor another route as an id. */
class HostileAnswersTest {
  private static final String KEY = "rak_secret";

  private final Queue<String> asked = new ConcurrentLinkedQueue<>();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private HttpServer server;
  private int status = 200;
  private String answer = "{}";

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
          byte[] body = answer.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void printsNothingThatATerminalActsOn() {
    answer =
        "{\"data\":[{\"id\":\"agent_1\",\"name\":\"a\\u001b[2J\\u009b31m\\u202eb\\u2028c\"}],"
            + "\"cursor\":\"x\\u001b]0;y\"}";

    assertThat(run("identity", "list")).isZero();

    assertThat(out.toString())
        .contains("agent_1")
        .doesNotContainPattern("[\\p{Cc}\\p{Cf}&&[^\\n]]");
  }

  @Test
  void printsNoRefusalThatATerminalActsOn() {
    status = 403;
    answer = "{\"code\":\"no\\u001b[2J\",\"detail\":\"\\u009b\",\"requestId\":\"\\u001b]0;\"}";

    assertThat(run("identity", "get", "agent_1")).isEqualTo(1);

    assertThat(err.toString()).contains("no").doesNotContainPattern("[\\p{Cc}\\p{Cf}&&[^\\n]]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", ".", ".."})
  void takesNoIdThatNamesAnotherRoute(String id) {
    assertThat(run("identity", "suspend", id, "--reason", "x")).isEqualTo(2);
    assertThat(run("identity", "get", id)).isEqualTo(2);

    assertThat(asked).isEmpty();
  }

  @Test
  void sendsAnIdAsOneSegment() {
    assertThat(run("identity", "get", "../api-keys?x=1#y z")).isZero();

    assertThat(asked).containsExactly("GET /v1/identities/..%2Fapi-keys%3Fx%3D1%23y%20z");
  }

  @Test
  void takesAKeyWithALineBreakAtItsEndAndQuotesNoneThatIsWrong() {
    assertThat(run(KEY + "\n", List.of("identity", "get", "agent_1"))).isZero();
    assertThat(run(KEY + "\n" + KEY, List.of("identity", "get", "agent_1"))).isEqualTo(2);

    assertThat(err.toString()).doesNotContain(KEY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "localhost:8080", "ftp://a", "http://", "not a url"})
  void saysThatAUrlIsNone(String url) {
    CommandLine commands = commands();

    assertThat(commands.execute("identity", "list", "--api-key", KEY, "--url", url)).isEqualTo(2);

    assertThat(err.toString()).isNotBlank().doesNotContain(KEY);
  }

  private int run(String... words) {
    return run(KEY, List.of(words));
  }

  private int run(String key, List<String> words) {
    List<String> all = new ArrayList<>(words);
    all.addAll(
        List.of("--url", "http://127.0.0.1:" + server.getAddress().getPort(), "--api-key", key));
    return commands().execute(all.toArray(String[]::new));
  }

  private CommandLine commands() {
    return RelayAuthCommand.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true));
  }
}
