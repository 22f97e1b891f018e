package dev.relayauth.stack.whole;

import static org.assertj.core.api.Assertions.assertThat;

import dev.relayauth.sdk.Secret;
import dev.relayauth.sdk.verify.TokenRefusedException;
import dev.relayauth.sdk.verify.TokenRefusedException.Reason;
import dev.relayauth.sdk.verify.TokenVerifier;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
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
  private static final int REVOCATIONS = 100;
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
      shell.addToClasspath(
          System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
      run(
          shell,
          "import java.time.*; import dev.relayauth.sdk.*; import dev.relayauth.sdk.verify.*;");
      run(shell, "String base = \"%s\";".formatted(stack.baseUrl()));
      run(shell, "String key = \"%s\";".formatted(stack.credentials().getString("adminApiKey")));

      run(shell, block.group(1));

      assertThat(run(shell, "agent.human()")).isEqualTo("\"user_jane\"");
      assertThat(run(shell, "agent.subject().equals(bot.id())")).isEqualTo("true");
      assertThat(run(shell, "decision.allowed()")).isEqualTo("true");
      WholeStack.await(BOUND, () -> run(shell, REFUSAL).equals("REVOKED"));
      run(shell, "auth.close();");
    }
  }

  private static final String REFUSAL =
      """
      ((java.util.function.Supplier<Object>) () -> {
        try { return auth.tokens().verify(pair.accessToken()).subject(); }
        catch (TokenRefusedException refused) { return refused.reason(); }
      }).get()""";

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
      List<Long> nanos = new ArrayList<>();
      for (String token : tokens) {
        revoke(token);
        nanos.add(nanosUntil(verifier, token, Reason.REVOKED));
      }

      Collections.sort(nanos);
      System.out.printf(
          "offline verifier, from the revoke's answer: p50 %.1f ms, p99 %.1f ms, max %.1f ms (%d)%n",
          nanos.get(REVOCATIONS / 2) / 1e6,
          nanos.get(REVOCATIONS * 99 / 100 - 1) / 1e6,
          nanos.getLast() / 1e6,
          REVOCATIONS);
      assertThat(nanos.getLast()).isLessThan(BOUND.toNanos());
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
      long closed = nanosUntil(verifier, dead, Reason.FEED_STALE);

      System.out.printf("feed cut: every token refused after %.0f ms%n", closed / 1e6);
      // The last proof was asked for before the cut; the rest is for a busy machine.
      assertThat(closed).isLessThan(BOUND.multipliedBy(2).toNanos());
      assertThat(refusal(verifier, good)).isEqualTo(Reason.FEED_STALE);

      line.mend();
      WholeStack.await(Duration.ofSeconds(10), () -> refusal(verifier, good) == null);
      assertThat(refusal(verifier, dead)).isEqualTo(Reason.REVOKED);
    }
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

  private static long nanosUntil(TokenVerifier verifier, String token, Reason wanted) {
    long began = System.nanoTime();
    while (refusal(verifier, token) != wanted) {
      assertThat(System.nanoTime() - began).isLessThan(Duration.ofSeconds(10).toNanos());
      LockSupport.parkNanos(200_000);
    }
    return System.nanoTime() - began;
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
