package dev.relayauth.stack.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import dev.relayauth.stack.ServiceName;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class GatewayTest {
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final List<AutoCloseable> opened = new ArrayList<>();
  private int port;

  @AfterEach
  void closeEverything() throws Exception {
    for (AutoCloseable each : opened.reversed()) {
      each.close();
    }
    client.close();
  }

  @Test
  void leadsARequestToTheServiceThatOwnsItsPath() throws Exception {
    serve(
        Map.of(
            ServiceName.IDENTITY, List.of(origin("identity").port()),
            ServiceName.AUDIT, List.of(origin("audit").port())));

    assertThat(get("/v1/identities/agent_1").body()).isEqualTo("identity");
    assertThat(get("/v1/identities/agent_1/activity").body()).isEqualTo("audit");
  }

  @Test
  void saysWhereARequestCameFromAndBelievesNobodyElse() throws Exception {
    Origin echo =
        open(
            Origin.start(
                0,
                exchange ->
                    Origin.answer(
                        exchange,
                        200,
                        String.join(
                            "|",
                            header(exchange, "X-Forwarded-For"),
                            header(exchange, "X-Forwarded-Proto"),
                            header(exchange, "X-Forwarded-Host"),
                            header(exchange, "X-Request-ID"),
                            exchange.getRequestURI().toString()))));
    serve(Map.of(ServiceName.POLICY, List.of(echo.port())));

    HttpResponse<String> answer =
        send(
            request("/v1/roles?limit=5&cursor=a%2Fb")
                .header("X-Forwarded-For", "6.6.6.6")
                .header("X-Request-ID", "mine-1")
                .build());

    assertThat(answer.body())
        .isEqualTo("127.0.0.1|http|127.0.0.1:" + port + "|mine-1|/v1/roles?limit=5&cursor=a%2Fb");
    assertThat(answer.headers().firstValue("X-Request-ID")).contains("mine-1");
  }

  @Test
  void answersAProblemForAPathThatNobodyOwns() throws Exception {
    serve(Map.of(ServiceName.IDENTITY, List.of(origin("identity").port())));

    for (String path : List.of("/internal/v1/probes", "/q/metrics", "/nowhere")) {
      HttpResponse<String> answer = get(path);
      JsonObject problem = new JsonObject(answer.body());

      assertThat(answer.statusCode()).isEqualTo(404);
      assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
      assertThat(problem.fieldNames())
          .contains("type", "title", "status", "detail", "instance", "code", "error", "message");
      assertThat(problem.getString("code")).isEqualTo("not_found");
      assertThat(answer.headers().firstValue("X-Request-ID"))
          .contains(problem.getString("requestId"));
    }
  }

  @Test
  void refusesABodyPastTheBoundWhetherItsLengthIsAnnouncedOrNot() throws Exception {
    serve(Map.of(ServiceName.POLICY, List.of(origin("policy").port())));
    byte[] tooLarge = new byte[256 * 1024 + 1];
    byte[] justRight = new byte[256 * 1024];

    assertThat(post(HttpRequest.BodyPublishers.ofByteArray(tooLarge)).statusCode()).isEqualTo(413);
    HttpResponse<String> chunked =
        post(HttpRequest.BodyPublishers.ofByteArrays(List.of(tooLarge, tooLarge)));
    assertThat(chunked.statusCode()).isEqualTo(413);
    assertThat(new JsonObject(chunked.body()).getString("code")).isEqualTo("payload_too_large");
    assertThat(post(HttpRequest.BodyPublishers.ofByteArray(justRight)).statusCode()).isEqualTo(200);
  }

  @Test
  void refusesALargeFormAndAnAbsentServiceAsOAuthDoes() throws Exception {
    serve(Map.of(ServiceName.TOKEN, List.of(freePort())));
    for (Map.Entry<Integer, String> each :
        Map.of(256 * 1024 + 1, "invalid_request", 10, "temporarily_unavailable").entrySet()) {
      HttpResponse<String> answer =
          send(
              request("/oauth/token")
                  .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[each.getKey()]))
                  .build());

      assertThat(answer.statusCode()).isEqualTo(each.getKey() > 10 ? 413 : 503);
      assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
      JsonObject body = new JsonObject(answer.body());
      assertThat(body.getString("error")).isEqualTo(each.getValue());
      assertThat(body.getString("error_description")).isNotBlank();
    }
  }

  @Test
  void answersAProblemToWhatItCannotRead() throws Exception {
    serve(Map.of(ServiceName.POLICY, List.of(origin("policy").port())));
    Map<String, String> refused =
        Map.of(
            "GET /v1/roles?x=" + "x".repeat(9_000) + " HTTP/1.1\r\nHost: a\r\n\r\n",
            "414",
            "GET /v1/roles HTTP/1.1\r\nHost: a\r\nX: " + "x".repeat(33_000) + "\r\n\r\n",
            "431",
            "GET /v1/roles HTTP/1.1\r\nHo st: a\r\n\r\n",
            "400",
            "GET /v1/roles and more HTTP/1.1\r\nHost: a\r\n\r\n",
            "400",
            "GET /v1/roles HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
            "400");

    for (Map.Entry<String, String> each : refused.entrySet()) {
      String answer = raw(each.getKey());

      assertThat(answer).matches("(?s)HTTP/1\\.[01] " + each.getValue() + " .*");
      assertThat(answer.toLowerCase(java.util.Locale.ROOT))
          .contains("content-type: application/problem+json", "connection: close");
      JsonObject problem = new JsonObject(answer.substring(answer.indexOf("\r\n\r\n")));
      assertThat(problem.getInteger("status")).hasToString(each.getValue());
      assertThat(problem.getString("code")).isNotBlank();
    }
  }

  @Test
  void answersAProblemToATargetThatIsNoUri() throws Exception {
    serve(Map.of(ServiceName.POLICY, List.of(origin("policy").port())));

    for (String target : List.of("/v1/roles?x=%zz", "/v1/roles?x=%", "/v1/roles/%", "/v1/roles|")) {
      String answer = raw("GET " + target + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

      assertThat(answer).startsWith("HTTP/1.1 400 ").contains("application/problem+json");
    }
  }

  private String raw(String request) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  @Test
  void answers503WhileAServiceIsAwayAndServesAgainWhenItIsBack() throws Exception {
    int away = freePort();
    serve(Map.of(ServiceName.POLICY, List.of(away)));

    HttpResponse<String> answer = post(HttpRequest.BodyPublishers.ofString("{}"));

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(new JsonObject(answer.body()).getString("code")).isEqualTo("service_unavailable");
    assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    open(Origin.start(away, exchange -> Origin.answer(exchange, 200, "back")));
    assertThat(post(HttpRequest.BodyPublishers.ofString("{}")).body()).isEqualTo("back");
  }

  @Test
  void losesNoReadWhenOneOfTwoReplicasIsGone() throws Exception {
    Origin first = origin("first");
    Origin second = origin("second");
    serve(Map.of(ServiceName.POLICY, List.of(first.port(), second.port())));
    assertThat(twentyReads()).containsOnly("first", "second");

    first.close();

    assertThat(twentyReads()).containsOnly("second");
  }

  @Test
  void offersARequestThatADrainingReplicaTurnedAwayToAnother() throws Exception {
    Origin draining =
        open(
            Origin.start(
                0,
                exchange -> {
                  exchange.sendResponseHeaders(503, -1);
                  exchange.close();
                }));
    serve(Map.of(ServiceName.POLICY, List.of(draining.port(), origin("second").port())));

    assertThat(twentyAnswers()).containsOnly("second");
  }

  @Test
  void neverOffersAWriteTwiceThatAReplicaMayHaveDone() throws Exception {
    AtomicInteger received = new AtomicInteger();
    Origin breaking = open(breaking(received));
    serve(Map.of(ServiceName.POLICY, List.of(breaking.port(), breaking.port())));

    HttpResponse<String> lost = post(HttpRequest.BodyPublishers.ofString("{}"));
    assertThat(lost.statusCode()).isEqualTo(503);
    assertThat(new JsonObject(lost.body()).getString("code")).isEqualTo("answer_lost");
    assertThat(lost.headers().firstValue("Retry-After")).isPresent();
    assertThat(received).hasValue(1);
    assertThat(get("/v1/roles").statusCode()).isEqualTo(503);
    assertThat(received).hasValue(3);
  }

  @Test
  void passesEventsOnAsTheyComeAndStopsWhenTheClientLeaves() throws Exception {
    CountDownLatch stopped = new CountDownLatch(1);
    CountDownLatch more = new CountDownLatch(1);
    Origin events = open(Origin.start(0, exchange -> stream(exchange, more, stopped)));
    serve(Map.of(ServiceName.REVOCATION, List.of(events.port())));

    HttpResponse<java.io.InputStream> answer =
        client.send(
            request("/v1/revocations/stream").header("Accept", "text/event-stream").build(),
            HttpResponse.BodyHandlers.ofInputStream());
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
      assertThat(lines.readLine()).isEqualTo("data: first");
      more.countDown();
      assertThat(lines.readLine()).isEqualTo("data: next");
    }

    assertThat(stopped.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void neverMakesABrokenAnswerLookComplete() throws Exception {
    Origin breaking =
        open(
            Origin.start(
                0,
                exchange -> {
                  exchange.sendResponseHeaders(200, 0);
                  exchange.getResponseBody().write("half".getBytes(StandardCharsets.UTF_8));
                  exchange.getResponseBody().flush();
                  throw new IOException("broken");
                }));
    serve(Map.of(ServiceName.AUDIT, List.of(breaking.port())));

    assertThatThrownBy(() -> get("/v1/audit")).isInstanceOf(IOException.class);
  }

  @Test
  void isHealthyWhileEveryServiceHasAReplicaThatIs() throws Exception {
    Origin up = origin("up");
    Origin other = origin("up");
    serve(
        Map.of(
            ServiceName.TOKEN, List.of(up.port()),
            ServiceName.POLICY, List.of(other.port(), freePort())));

    HttpResponse<String> healthy = get("/health");
    up.close();
    HttpResponse<String> unhealthy = get("/health");

    assertThat(healthy.statusCode()).isEqualTo(200);
    assertThat(new JsonObject(healthy.body()).getJsonArray("checks")).hasSize(3);
    assertThat(unhealthy.statusCode()).isEqualTo(503);
    assertThat(new JsonObject(unhealthy.body()).getString("status")).isEqualTo("DOWN");
  }

  private void serve(Map<ServiceName, List<Integer>> ports) throws IOException {
    Map<ServiceName, List<Replica>> services = new EnumMap<>(ServiceName.class);
    ports.forEach(
        (service, each) ->
            services.put(
                service,
                IntStream.range(0, each.size())
                    .mapToObj(i -> new Replica(service.slug() + "-" + (i + 1), each.get(i)))
                    .toList()));
    port = freePort();
    open(Gateway.start(port, services, Map.of()));
  }

  private Origin origin(String answer) throws IOException {
    return open(Origin.saying(answer));
  }

  private <T extends AutoCloseable> T open(T resource) {
    opened.add(resource);
    return resource;
  }

  private List<String> twentyAnswers() throws Exception {
    List<String> answers = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      answers.add(post(HttpRequest.BodyPublishers.ofString("{}")).body());
    }
    return answers;
  }

  private List<String> twentyReads() throws Exception {
    List<String> answers = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      answers.add(get("/v1/policies").body());
    }
    return answers;
  }

  private HttpResponse<String> get(String path) throws Exception {
    return send(request(path).build());
  }

  private HttpResponse<String> post(HttpRequest.BodyPublisher body) throws Exception {
    return send(request("/v1/authorize").POST(body).build());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
  }

  private HttpResponse<String> send(HttpRequest request) throws Exception {
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private static Origin breaking(AtomicInteger received) throws IOException {
    return Origin.start(
        0,
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          received.incrementAndGet();
          throw new IOException("broken");
        });
  }

  private static void stream(HttpExchange exchange, CountDownLatch more, CountDownLatch stopped)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    try {
      write(exchange, "data: first\n");
      more.await();
      write(exchange, "data: next\n");
      while (true) {
        write(exchange, ": heartbeat\n");
      }
    } catch (IOException | InterruptedException clientLeft) {
      stopped.countDown();
    }
  }

  private static void write(HttpExchange exchange, String text) throws IOException {
    exchange.getResponseBody().write(text.getBytes(StandardCharsets.UTF_8));
    exchange.getResponseBody().flush();
  }

  private static String header(HttpExchange exchange, String name) {
    return exchange.getRequestHeaders().getFirst(name);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
