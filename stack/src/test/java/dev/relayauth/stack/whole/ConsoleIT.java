package dev.relayauth.stack.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.relayauth.stack.browser.Chromium;
import dev.relayauth.stack.browser.Page;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The console as people use it, in a browser. With {@code -Drelayauth.screenshots=docs/console} the
 * pictures are taken where the documents show them.
 */
class ConsoleIT {
  private static final String HOSTILE = "\"'><img src=x onerror=alert(1)><script>alert(2)</script>";
  private static final String SCOPE = "stripe:orders:read";

  /** Counts elements that no part of the console makes. */
  private static final String FOREIGN =
      "document.querySelectorAll('body img:not([src=\"icon.svg\"]), body script, body iframe,"
          + " body [onerror], body [style*=url]').length";

  private static WholeStack stack;
  private static Chromium chromium;
  private Page page;

  @BeforeAll
  static void start() {
    assumeTrue(
        Chromium.installed().isPresent(),
        "no Chromium is installed, so the console is not tested: apt install chromium, or name one"
            + " in RELAYAUTH_CHROMIUM");
    stack = WholeStack.start();
    stack
        .api()
        .patch(
            "/v1/organizations/org_acme",
            new JsonObject().put("identityCreationsPerMinute", 100_000))
        .expect(200);
    chromium = Chromium.start();
  }

  @AfterAll
  static void stop() {
    if (chromium != null) {
      chromium.close();
    }
    if (stack != null) {
      stack.close();
    }
  }

  @BeforeEach
  void open() {
    page = chromium.page();
    page.prefer("light");
    page.open("about:blank");
    page.open(stack.baseUrl() + "/console");
  }

  @AfterEach
  void hasNoFaults() {
    page.open("about:blank");
    assertThat(page.faults()).isEmpty();
    page.close();
  }

  @Test
  void leadsFromSigningInToALiveDenialItsExplanationARevocationAndTheNextCallDenied() {
    String agent = agent("invoice-bot", "user_jane", SCOPE);
    String token = token(agent);
    signIn(stack.credentials().getString("adminApiKey"));

    page.click("nav a", "Live feed");
    page.awaitText("h1", "Live feed");
    page.await("document.querySelector('main .pill.live')");
    assertThat(ask(token, SCOPE).getBoolean("allowed")).isTrue();
    assertThat(ask(token, "stripe:orders:delete").getString("reason")).isEqualTo("implicit_deny");
    page.awaitText(".entry[data-result=denied]", "stripe:orders:delete");
    page.awaitText(".entry[data-result=denied]", "No grant covers it");
    page.prefer("dark");
    photograph("live");

    page.click(".entry[data-result=denied] a", "invoice-bot");
    page.awaitText("h1", "invoice-bot");
    page.awaitText(".chain .human", "Jane");
    page.awaitText("section[aria-label='Live sessions']", "Revoke");

    page.click("main a", "Try a decision");
    page.await("document.getElementById('agent')?.value === 'invoice-bot'");
    page.fill("#scope", "stripe:orders:delete");
    page.press("Enter");
    page.awaitText(".verdict.bad", "Deny");
    page.awaitText(".step", "Closest is");
    assertThat(page.text(".step .fault")).isEqualTo("delete");

    page.click(".step a", "invoice-bot");
    page.click("button", "Revoke tokens");
    page.fill("#reason", "It asks for what it must not have");
    page.click("dialog button", "Revoke");
    page.awaitText("[data-measured=Revoked]", " ms");
    assertThat(page.text("[data-measured=Revoked]"))
        .containsPattern("\\d+ ms")
        .contains("verifier");
    JsonObject after = ask(token, SCOPE);
    assertThat(after.getBoolean("allowed")).isFalse();
    assertThat(after.getString("reason")).isEqualTo("token_revoked");
    page.awaitText("section[aria-label='Timeline']", "The token has been revoked");
    page.awaitText("section[aria-label='Live sessions']", "No live sessions");
  }

  @Test
  void suspendsAndReactivates() {
    String agent = agent("night-shift", "user_jane", SCOPE);
    agent("night-shift-helper", agent, SCOPE);
    signIn(stack.credentials().getString("adminToken"));
    go("agents/" + agent);
    page.awaitText("h1", "active");
    page.awaitText(".chain", "night-shift-help");
    page.click("button", "Suspend");
    page.fill("#reason", "Seen at odd hours");
    page.press("Enter");
    page.awaitText("h1", "suspended");
    page.awaitText("header", "Seen at odd hours");
    page.await("document.querySelectorAll('.chain .suspended').length === 2");
    page.click("button", "Reactivate");
    page.awaitText("h1", "active");
    page.awaitText("[data-measured=Reactivated]", "ms");
  }

  @Test
  void showsMarkupInEveryFreeTextFieldAsText() {
    String agent = new ConsoleScene(stack.api()).speak(HOSTILE, SCOPE);
    page.await("document.getElementById('credential')");
    page.fill("#credential", HOSTILE.replace(" ", ""));
    page.press("Enter");
    page.awaitText(".fault-box", "valid");
    signIn(stack.credentials().getString("adminApiKey"));
    String query = "decide?agent=" + agent + "&scope=" + encoded(HOSTILE);
    for (String place :
        List.of(
            "overview", "live", "agents", "agents/" + agent, "policies", query, encoded(HOSTILE))) {
      go(place);
      page.await("document.querySelector('main h1') && !document.querySelector('main .skeleton')");
      page.value(
          "document.querySelectorAll('main details').forEach((each) => { each.open = true; })");
      page.await("!document.querySelector('main .skeleton')");
      assertThat(page.value(FOREIGN)).as(place).isEqualTo(0);
    }
    go("agents/" + agent);
    page.awaitText("h1", HOSTILE);
    page.awaitText(".chain .human title", HOSTILE);
    page.awaitText("section[aria-label='Details'] dd", HOSTILE);
    page.awaitText("header", "suspended: " + HOSTILE);
    page.awaitText("section[aria-label='On whose behalf'] .leaf", HOSTILE);
    go("policies");
    page.awaitText(".policy", HOSTILE);
    page.awaitText(".policy code", HOSTILE);
    go("agents/" + encoded(HOSTILE));
    page.awaitText("main", "There is no such agent");
    assertThat(page.value(FOREIGN)).isEqualTo(0);
  }

  @Test
  void findsOneOfManyByKeysAloneAndKeepsFewInThePage() {
    try (ExecutorService several = Executors.newFixedThreadPool(4)) {
      IntStream.range(0, 260)
          .forEach(
              i -> several.execute(() -> agent("swarm-%03d".formatted(i), "user_jane", SCOPE)));
    }
    signIn(stack.credentials().getString("adminApiKey"));
    go("agents");
    page.await("document.querySelectorAll('.virtual-row').length > 10");
    page.fill("input[type=search]", "swarm-");
    page.awaitText("main", "100 agents and more");
    page.value("document.querySelector('.virtual-row a').focus()");
    for (String known : List.of("200 agents and more", "260 agents")) {
      page.press("End");
      page.awaitText(".bar", known);
    }
    page.press("End");
    page.await(
        "document.activeElement.closest('.virtual-row')?.getAttribute('aria-rowindex') === '260'");
    assertThat((Integer) page.value("document.querySelectorAll('.virtual-row').length"))
        .isLessThan(60);
    page.press("ArrowUp");
    page.await(
        "document.activeElement.closest('.virtual-row')?.getAttribute('aria-rowindex') === '259'");
    page.fill("input[type=search]", "swarm-17");
    page.awaitText(".bar", "10 agents");
    page.value("document.querySelector('.virtual-row a').focus()");
    page.press("Enter");
    page.awaitText("h1", "swarm-17");
  }

  @Test
  void canBeUsedFromTheKeyboard() {
    page.await("document.activeElement.id === 'credential'");
    page.type(stack.credentials().getString("adminApiKey"));
    page.press("Enter");
    page.awaitText("h1", "Overview");
    page.await("document.activeElement.id === 'main'");
    page.value("document.getElementById('skip').focus()");
    page.press("Enter");
    page.await("document.activeElement.id === 'main'");
    page.value("document.querySelector('nav a').focus()");
    page.press("Tab");
    page.await("document.activeElement.textContent === 'Live feed'");
    page.press("Enter");
    page.awaitText("h1", "Live feed");
    agent("picked-by-arrow", "user_jane", SCOPE);
    go("decide");
    page.fill("#agent", "picked-by");
    page.awaitText("[role=option]", "picked-by-arrow");
    page.press("ArrowDown");
    page.press("Enter");
    page.await("document.getElementById('agent').value === 'picked-by-arrow'");
    page.fill("#scope", SCOPE);
    page.press("Enter");
    page.awaitText(".verdict.ok", "Allow");
    assertThat(page.value("document.querySelector('[aria-live]') !== null")).isEqualTo(true);
  }

  @Test
  void leavesWhenTheCredentialIsRevokedAndForgetsItOnReload() {
    String agent = agent("short-lived", "user_jane", "relayauth:*:read");
    String token = token(agent);
    signIn(token);
    page.await("document.querySelector('.who-kind').textContent.includes('token')");
    stack.api().post("/v1/tokens/revoke", new JsonObject().put("identityId", agent)).expect(204);
    page.awaitText(".notice", "isn't valid any more");

    signIn(stack.credentials().getString("adminApiKey"));
    assertThat(
            page.value("JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])"))
        .isEqualTo("[{},{},\"\"]");
    page.value("location.reload()");
    page.awaitText("h2", "Sign in to the console");
  }

  @Test
  void isShownInLightAndDark() {
    String agent = new ConsoleScene(stack.api()).play();
    signIn(stack.credentials().getString("adminApiKey"));
    for (String scheme : List.of("light", "dark")) {
      page.prefer(scheme);
      Object background = page.value("getComputedStyle(document.body).backgroundColor");
      assertThat(background)
          .isEqualTo(scheme.equals("dark") ? "rgb(12, 15, 20)" : "rgb(245, 246, 248)");
      go("overview");
      page.awaitText(".budget-list", "payment-bot");
      page.awaitText(".denials", "release-captain");
      photograph("overview-" + scheme);
      go("agents/" + agent);
      page.awaitText("section[aria-label='Live sessions']", "began");
      page.awaitText("section[aria-label='What it may do']", "invoice-clerk");
      photograph("agent-" + scheme);
      go("decide?agent=" + agent + "&scope=" + encoded("stripe:orders:delete"));
      page.awaitText(".step", "They part at the action");
      photograph("decision-" + scheme);
    }
    page.click("button", "Light theme");
    assertThat(page.value("getComputedStyle(document.body).backgroundColor"))
        .isEqualTo("rgb(245, 246, 248)");
    page.value("localStorage.clear()");
  }

  private void signIn(String credential) {
    page.await("document.getElementById('credential')");
    page.fill("#credential", credential);
    page.press("Enter");
    page.await("document.querySelector('nav')");
  }

  private void go(String place) {
    page.value("location.hash = '#/' + " + Json.encode(place));
  }

  private void photograph(String name) {
    String folder = System.getProperty("relayauth.screenshots");
    page.photograph(
        (folder == null ? Path.of("target", "console") : WholeStack.root().resolve(folder))
            .resolve(name + ".png"));
  }

  private static String agent(String name, String sponsor, String scope) {
    return new ConsoleScene(stack.api()).agent(name, sponsor, scope);
  }

  private static String token(String agent) {
    JsonObject body = new JsonObject().put("identityId", agent);
    return stack.api().post("/v1/tokens", body).expect(201).text("accessToken");
  }

  private static JsonObject ask(String token, String scope) {
    JsonObject body = new JsonObject().put("token", token).put("scope", scope);
    return stack.api().post("/v1/authorize", body).expect(200).body();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
