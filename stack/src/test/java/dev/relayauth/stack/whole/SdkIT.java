package dev.relayauth.stack.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.relayauth.sdk.AgentSession;
import dev.relayauth.sdk.DpopKey;
import dev.relayauth.sdk.NewIdentity;
import dev.relayauth.sdk.RelayAuthClient;
import dev.relayauth.sdk.RelayAuthException;
import dev.relayauth.sdk.Secret;
import dev.relayauth.sdk.TokenRequest;
import dev.relayauth.sdk.verify.TokenRefusedException;
import dev.relayauth.sdk.verify.TokenRefusedException.Reason;
import dev.relayauth.sdk.verify.TokenVerifier;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jdk.jshell.JShell;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The SDK against the running stack: the README's lines, and a verifier with nothing but the feed.
 */
class SdkIT {
  private static final Pattern BLOCK = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL);
  private static final Duration BOUND = Duration.ofSeconds(1);
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final int REVOCATIONS = 20;
  private static final Duration TTL = Duration.ofMinutes(1);
  private static final String CLASSPATH =
      System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  private static WholeStack stack;
  private static String agent;

  @BeforeAll
  static void start() {
    stack = WholeStack.shared();
    agent =
        stack
            .api()
            .post(
                "/v1/identities",
                new JsonObject().put("name", "sdk-verified").put("sponsorId", "user_jane"))
            .expect(201)
            .text("id");
  }

  @Test
  void runsTheReadmesJavaLinesAsTheyStand() throws Exception {
    Matcher block = BLOCK.matcher(Files.readString(WholeStack.root().resolve("README.md")));
    assertThat(block.find()).isTrue();
    try (JShell shell = JShell.builder().executionEngine("local").build()) {
      shell.addToClasspath(CLASSPATH);
      run(
          shell,
          "import java.time.*; import dev.relayauth.sdk.*; import dev.relayauth.sdk.verify.*;");
      run(shell, "String base = \"%s\";".formatted(stack.baseUrl()));
      run(shell, "String key = \"%s\";".formatted(stack.credentials().getString("adminApiKey")));

      // Names are unique in the organisation of the shared stack.
      String name = "billing-bot-" + Long.toString(System.nanoTime(), 36);
      assertThat(block.group(1)).contains("\"billing-bot\"");
      run(shell, block.group(1).replace("\"billing-bot\"", '"' + name + '"'));

      assertThat(run(shell, "agent.human()")).isEqualTo("\"user_jane\"");
      assertThat(run(shell, "agent.subject().equals(bot.id())")).isEqualTo("true");
      assertThat(run(shell, "decision.allowed()")).isEqualTo("true");
      WholeStack.await(LIMIT, () -> run(shell, REFUSAL).equals("REVOKED"));
      run(shell, "auth.close();");
    }
  }

  private static final String REFUSAL =
      """
      ((java.util.function.Supplier<Object>) () -> {
        try { return auth.tokens().verify(pair.accessToken()).subject(); }
        catch (TokenRefusedException refused) { return refused.reason(); }
      }).get()\
      """;

  @Test
  void refusesRevokedTokensWithNothingButTheFeed() throws Exception {
    List<String> tokens = new ArrayList<>();
    for (int i = 0; i < REVOCATIONS; i++) {
      tokens.add(issue());
    }
    try (FeedLine line = FeedLine.to(URI.create(stack.baseUrl()).getPort());
        TokenVerifier verifier = verifier(line)) {
      tokens.forEach(token -> assertThat(refusal(verifier, token)).isNull());
      line.asked().clear();
      for (String token : tokens) {
        revoke(token);
        WholeStack.await(LIMIT, () -> refusal(verifier, token) == Reason.REVOKED);
      }

      assertThat(line.asked())
          .isNotEmpty()
          .allSatisfy(path -> assertThat(path).startsWith("/v1/revocations/"));
    }
  }

  @Test
  void refusesEveryTokenFromTheBoundOnWhenTheFeedIsCut() throws Exception {
    String good = issue();
    String dead = issue();
    try (FeedLine line = FeedLine.to(URI.create(stack.baseUrl()).getPort());
        TokenVerifier verifier = verifier(line)) {
      assertThat(refusal(verifier, good)).isNull();
      assertThat(refusal(verifier, dead)).isNull();

      line.cut();
      revoke(dead);
      WholeStack.await(LIMIT, () -> refusal(verifier, dead) == Reason.FEED_STALE);
      assertThat(refusal(verifier, good)).isEqualTo(Reason.FEED_STALE);

      line.mend();
      WholeStack.await(LIMIT, () -> refusal(verifier, good) == null);
      assertThat(refusal(verifier, dead)).isEqualTo(Reason.REVOKED);
    }
  }

  @Test
  void refreshesItsSessionAndEndsWithIt() {
    AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
    try (RelayAuthClient auth = client().clock(now::get).build()) {
      AgentSession session = auth.openSession(ownApi());
      String first = session.accessToken().value();
      assertThat(session.accessToken().value()).isEqualTo(first);

      now.set(now.get().plus(TTL).minusSeconds(10));
      String second = session.accessToken().value();
      assertThat(second).isNotEqualTo(first);
      assertThat(Jwt.claims(second).getString("sid")).isEqualTo(session.id());
      assertThat(auth.as(session).identities().get(agent).id()).isEqualTo(agent);

      auth.tokens().revokeSession(session.id());
      now.set(now.get().plus(TTL));
      assertThatThrownBy(session::accessToken)
          .isInstanceOf(RelayAuthException.Unauthenticated.class);
    }
  }

  @Test
  void boundSessionsAreWorthNothingWithoutTheirKey() {
    try (RelayAuthClient auth = client().build()) {
      DpopKey key = DpopKey.generate();
      AgentSession session = auth.openSession(ownApi(), key);
      RelayAuthClient agentsOwn = auth.as(session);

      assertThat(agentsOwn.identities().get(agent).id()).isEqualTo(agent);
      assertThat(agentsOwn.identities().get(agent).id()).isEqualTo(agent);
      String stolen = session.accessToken().value();
      assertThat(Jwt.claims(stolen).getJsonObject("cnf").getString("jkt"))
          .isEqualTo(key.thumbprint());
      try (RelayAuthClient thief = client().apiKey(stolen).build()) {
        assertThatThrownBy(() -> thief.identities().get(agent))
            .isInstanceOf(RelayAuthException.Unauthenticated.class);
      }
    }
  }

  @Test
  void throwsWhatAProgramCanActOn() {
    try (RelayAuthClient auth = client().build();
        RelayAuthClient nobody = client().apiKey("rak_nobody").build()) {
      NewIdentity twice =
          NewIdentity.agent("typed-" + Long.toString(System.nanoTime(), 36), "user_jane");
      auth.identities().create(twice);
      AgentSession reader = auth.openSession(ownApi());

      assertThatThrownBy(() -> auth.identities().create(twice))
          .isInstanceOf(RelayAuthException.Conflict.class);
      assertThatThrownBy(() -> auth.identities().get("agent_nobody"))
          .isInstanceOf(RelayAuthException.NotFound.class);
      assertThatThrownBy(() -> auth.identities().list(0, null))
          .isInstanceOf(RelayAuthException.Invalid.class);
      assertThatThrownBy(() -> nobody.identities().get(agent))
          .isInstanceOf(RelayAuthException.Unauthenticated.class)
          .hasMessageNotContaining("rak_nobody");
      assertThatThrownBy(() -> auth.as(reader).identities().delete(agent))
          .isInstanceOfSatisfying(
              RelayAuthException.Forbidden.class,
              refused -> {
                assertThat(refused.code()).isEqualTo("insufficient_scope");
                assertThat(refused.requestId()).isPresent();
              });
    }
  }

  @Test
  void takesUrlAndKeyFromTheEnvironment() throws Exception {
    Map<String, String> environment =
        Map.of(
            "RELAYAUTH_URL",
            stack.baseUrl(),
            "RELAYAUTH_API_KEY",
            stack.credentials().getString("adminApiKey"));

    assertThat(outputOf(FromEnvironment.class, agent, environment)).isEqualTo("sdk-verified");
    assertThat(outputOf(FromEnvironment.class, agent, Map.of()))
        .contains("RELAYAUTH_URL")
        .contains("RELAYAUTH_API_KEY");
  }

  /** A program that says the name of an identity. */
  static final class FromEnvironment {
    public static void main(String[] arguments) {
      try (RelayAuthClient auth = RelayAuthClient.fromEnvironment()) {
        System.out.print(auth.identities().get(arguments[0]).name());
      }
    }
  }

  private static String outputOf(Class<?> program, String argument, Map<String, String> environment)
      throws Exception {
    ProcessBuilder java =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                CLASSPATH,
                program.getName(),
                argument)
            .redirectErrorStream(true);
    java.environment().keySet().removeIf(name -> name.startsWith("RELAYAUTH_"));
    java.environment().putAll(environment);
    Process running = java.start();
    String output = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    running.waitFor();
    return output;
  }

  private static RelayAuthClient.Builder client() {
    return RelayAuthClient.builder()
        .url(stack.baseUrl())
        .apiKey(stack.credentials().getString("adminApiKey"))
        .organization("org_acme");
  }

  /** A token that may read identities here, for as short as tokens live. */
  private static TokenRequest ownApi() {
    return TokenRequest.forIdentity(agent)
        .scopes("relayauth:identity:read")
        .ttl(TTL)
        .refreshable(Duration.ofHours(1));
  }

  private static String run(JShell shell, String source) {
    String value = "";
    String rest = source;
    while (!rest.isBlank()) {
      CompletionInfo info = shell.sourceCodeAnalysis().analyzeCompletion(rest);
      for (SnippetEvent event : shell.eval(info.source())) {
        assertThat(event.exception()).as(info.source()).isNull();
        assertThat(shell.diagnostics(event.snippet())).as(info.source()).isEmpty();
        value = event.value() == null ? value : event.value();
      }
      rest = info.remaining();
    }
    return value;
  }

  private static TokenVerifier verifier(FeedLine line) {
    return TokenVerifier.builder()
        .issuer(stack.baseUrl())
        .organization("org_acme")
        .audience(List.of("stripe"))
        .revocationsBy(() -> new Secret(stack.credentials().getString("adminApiKey")))
        .bound(BOUND)
        .httpClient(line.client())
        .build();
  }

  private static String issue() {
    JsonObject wanted =
        new JsonObject()
            .put("identityId", agent)
            .put("scopes", new JsonArray().add("stripe:orders:read"));
    return stack.api().post("/v1/tokens", wanted).expect(201).text("accessToken");
  }

  private static void revoke(String token) {
    String id = Jwt.claims(token).getString("jti");
    stack.api().post("/v1/tokens/revoke", new JsonObject().put("tokenId", id)).expect(204);
  }

  private static Reason refusal(TokenVerifier verifier, String token) {
    try {
      verifier.verify(token);
      return null;
    } catch (TokenRefusedException refused) {
      return refused.reason();
    }
  }
}
