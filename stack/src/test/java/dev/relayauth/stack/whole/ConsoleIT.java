package dev.relayauth.stack.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.relayauth.stack.browser.Chromium;
import dev.relayauth.stack.browser.Page;
import dev.relayauth.stack.demo.Api;
import dev.relayauth.stack.demo.Api.Answer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The console as a person uses it, in a real browser on the whole stack. After each walk the page
 * must not have thrown, opened a dialog, or tried what its policy forbids.
 */
@Timeout(240)
class ConsoleIT {
  private static final String NOT_RUN =
      "no Chromium is installed: the console was NOT tested (apt install chromium)";
  private static final Duration AT_ONCE = Duration.ofSeconds(5);

  /** Runs in a page that takes it for markup, in any of the places where markup may begin. */
  private static final String HOSTILE = "\"'><img src=x onerror=alert(1)><script>alert(2)</script>";

  private static WholeStack stack;
  private static Chromium chromium;
  private static Page page;

  @BeforeAll
  static void start() {
    assumeTrue(Chromium.installed().isPresent(), NOT_RUN);
    stack = WholeStack.shared();
    chromium = Chromium.start();
    page = chromium.page();
  }

  @AfterAll
  static void stop() {
    if (page != null) {
      page.close();
      chromium.close();
    }
  }

  @AfterEach
  void nothingWentWrongInThePage() {
    assertThat(page.faults()).isEmpty();
  }

  @Test
  void letsNobodyInWithAWrongKeyAndForgetsTheRightOneOnReload() {
    open();
    enter("rak_wrong");
    page.awaitText("[role=alert]", "isn't valid");
    enter(adminKey());
    page.awaitText("h1", "Overview");

    page.open("about:blank");
    open();

    page.await("document.querySelector('#credential').value === ''");
    assertThat(page.value("localStorage.length + sessionStorage.length + document.cookie.length"))
        .isEqualTo(0);
  }

  @Test
  void goesFromALiveDenialToItsExplanation() {
    String agent = agent(named("denied"), "stripe:orders:read");
    String token = token(agent);
    signIn();
    goTo("Live feed");
    page.awaitText("[data-feed]", "Live");

    assertThat(ask(token, "stripe:orders:approve").getBoolean("allowed")).isFalse();

    page.await(row(agent) + "?.dataset.result === 'denied'");
    photograph("live");
    page.value(row(agent) + ".querySelector('.entry-who a').click()");
    page.awaitText("h1", "denied-");
    page.click("a.button", "Try a decision");
    page.await("document.querySelector('#agent')?.value.startsWith('denied-')");
    page.fill("#scope", "stripe:orders:approve");
    page.click("button", "Decide");
    page.await("document.querySelector('[data-decision=deny]')");
    page.awaitText(".tree", "No grant covers it");
    page.awaitText(".tree", "stripe:orders:read");
    photographBoth("decision");
  }

  @Test
  void revokesAnAgentsTokensAndItsNextCallIsDenied() {
    String agent = agent(named("revoked"), "stripe:orders:read");
    String token = token(agent);
    assertThat(ask(token, "stripe:orders:read").getBoolean("allowed")).isTrue();
    signIn();
    openAgent(agent);
    page.awaitText("td", "stripe:orders:read");
    page.awaitText("button", "Revoke tokens");
    photographBoth("agent");

    page.click("button", "Revoke tokens");
    page.fill("dialog #reason", "seen by ConsoleIT");
    page.click("dialog button", "Revoke");
    page.awaitText("[data-measured=Revoked]", "in force everywhere");

    JsonObject answer = ask(token, "stripe:orders:read");
    assertThat(answer.getBoolean("allowed")).isFalse();
    assertThat(answer.getString("reason")).isEqualTo("token_revoked");
    page.awaitText("[aria-label='Live sessions']", "No live sessions");
    page.awaitText("[aria-label=Timeline]", "revoked");
  }

  @Test
  void revokesOneSessionAndKeepsTheOther() {
    String agent = agent(named("sessions"), "stripe:orders:read");
    List<String> tokens = List.of(token(agent), token(agent));
    signIn();
    openAgent(agent);
    page.await("document.querySelectorAll(\"[aria-label='Live sessions'] tbody tr\").length === 2");

    page.value(
        "[...document.querySelectorAll(\"[aria-label='Live sessions'] button\")].at(-1).click()");
    page.fill("dialog #reason", "one of two");
    page.click("dialog button", "Revoke");

    page.awaitText(".toast", "Revoked everywhere");
    page.await("document.querySelectorAll(\"[aria-label='Live sessions'] tbody tr\").length === 1");
    assertThat(tokens)
        .filteredOn(token -> ask(token, "stripe:orders:read").getBoolean("allowed"))
        .hasSize(1);
  }

  @Test
  void suspendsAndReactivatesAnAgent() {
    String agent = agent(named("paused"), "stripe:orders:read");
    signIn();
    openAgent(agent);

    page.click("button", "Suspend");
    page.fill("dialog #reason", "looked odd");
    page.click("dialog button", "Suspend");
    page.awaitText("[data-measured=Suspended]", "ms");
    page.awaitText("h1", "suspended");
    page.awaitText("header", "looked odd");
    page.click("button", "Reactivate");

    page.awaitText("h1", "active");
    assertThat(stack.api().get("/v1/identities/" + agent).text("status")).isEqualTo("active");
  }

  @Test
  void showsHostileTextAsText() throws Exception {
    Hostile things = hostileEverywhere();
    signIn();
    page.awaitText(".denials", HOSTILE);
    harmless("overview");
    goTo("Live feed");
    page.click("button", "Everything");
    page.await("document.querySelectorAll('details.entry').length > 5");
    page.value("document.querySelectorAll('details.entry').forEach((e) => (e.open = true))");
    page.awaitText(".entry-facts", HOSTILE);
    harmless("live");
    openAgent(things.agent());
    page.awaitText("h1", HOSTILE);
    page.awaitText(".facts", HOSTILE);
    page.awaitText("header", HOSTILE);
    page.click("button", "Reactivate");
    page.awaitText("h1", "active");
    page.click("button", "Revoke tokens");
    page.awaitText("#dialog-title", HOSTILE);
    page.fill("dialog #reason", HOSTILE);
    page.click("dialog button", "Revoke");
    page.awaitText("[data-measured]", "in force everywhere");
    page.awaitText("[aria-label=Timeline]", "revoked");
    harmless("agent");
    goTo("Policies");
    page.awaitText(".policies", HOSTILE);
    harmless("policies");
    goTo("Approvals");
    page.awaitText(".approvals", HOSTILE);
    harmless("approvals");
    goTo("Agents");
    page.fill("input[type=search]", HOSTILE.substring(0, 8));
    page.awaitText(".agent-row", HOSTILE);
    harmless("agents");
    goTo("Try a decision");
    page.fill("#agent", HOSTILE.substring(0, 8));
    page.awaitText("[role=option]", HOSTILE);
    page.click("[role=option]", HOSTILE);
    page.fill("#scope", HOSTILE);
    page.click("button", "Decide");
    page.awaitText("[role=alert]", "");
    page.fill("#scope", "stripe:orders:read");
    page.click("button", "Decide");
    page.awaitText(".verdict-asked", HOSTILE);
    harmless("decide");
  }

  @Test
  void holdsNothingOpenOnceItIsLeft() {
    // More visits than a browser opens connections to one host.
    for (int visit = 0; visit < 8; visit++) {
      signIn();
      goTo("Live feed");
      page.awaitText("[data-feed]", "Live");
    }
    page.value("history.go(-3)");
    page.await("document.querySelector('#credential')");
    assertThat(page.value("document.body.textContent.includes('Sign out')")).isEqualTo(false);
  }

  @Test
  void worksFromTheKeyboardAlone() {
    String agent = agent(named("keys"), "stripe:orders:read");
    open();
    page.await("document.activeElement?.id === 'credential'");
    page.type(adminKey());
    page.press("Enter");
    page.awaitText("h1", "Overview");

    tabTo("[data-page=agents]");
    page.press("Enter");
    page.awaitText("h1", "Agents");
    tabTo("input[type=search]");
    page.type("keys-");
    page.await("document.querySelectorAll('.virtual-row').length === 1");
    tabTo(".agent-row a");
    page.press("Enter");
    page.awaitText("h1", "keys-");
    tabTo(".head-actions button.danger");
    page.press("Enter");
    page.await("document.activeElement?.id === 'reason'");
    page.press("Escape");
    page.await("!document.querySelector('dialog')");
    tabTo(".head-actions button.danger");
    page.press("Enter");
    page.await("document.activeElement?.id === 'reason'");
    page.type("by keys alone");
    page.press("Enter");

    page.await("document.activeElement?.dataset.measured === 'Revoked'");
    assertThat(stack.api().get("/v1/audit?action=token.revoked&identityId=" + agent).body())
        .isNotNull();
  }

  @Test
  void drawsOnlyTheRowsOfALongListThatCanBeSeen() {
    String prefix = named("many") + "-";
    for (int i = 0; i < 120; i++) {
      agent(prefix + i, "stripe:orders:read");
    }
    // Leads the list until the filter is applied.
    agent(named("newer"), "stripe:orders:read");
    signIn();
    goTo("Agents");
    page.fill("input[type=search]", prefix);
    String first = "document.querySelector('.virtual-row a')";
    page.await(first + "?.textContent === '" + prefix + "119'");
    page.awaitText("[role=status]", "100 agents and more");

    page.value(first + ".focus()");
    page.press("End");
    page.awaitText("[role=status]", "120 agents");
    page.press("End");

    page.await(
        "document.activeElement?.textContent === " + JsonArray.of(prefix + 0).encode() + "[0]");
    assertThat((Integer) page.value("document.querySelectorAll('.virtual-row').length"))
        .isLessThan(60);
  }

  @Test
  void isDrawnInLightAndDark() {
    signIn();
    page.await("document.querySelectorAll('.figure strong').length === 4");
    page.await("!document.querySelector('.skeleton')");
    photographBoth("overview");

    page.prefer("light");
    Object light = page.value("getComputedStyle(document.body).backgroundColor");
    page.prefer("dark");
    assertThat(page.value("getComputedStyle(document.body).backgroundColor")).isNotEqualTo(light);
  }

  /** What was made with hostile text in it. */
  private record Hostile(String agent) {}

  /** Everything that takes free text, made with text that is not for a page to run. */
  private static Hostile hostileEverywhere() throws IOException, InterruptedException {
    Api api = stack.api();
    String tag = Long.toString(System.nanoTime(), 36);
    String sponsor = "user_x" + tag;
    String name = HOSTILE + tag;
    api.post("/v1/sponsors", new JsonObject().put("id", sponsor).put("name", name)).expect(201);
    String workspace =
        api.post("/v1/workspaces", new JsonObject().put("name", name)).expect(201).text("id");
    String agent =
        api.post(
                "/v1/identities",
                new JsonObject()
                    .put("name", name)
                    .put("sponsorId", sponsor)
                    .put("workspaceId", workspace)
                    .put("scopes", new JsonArray().add("stripe:orders:read").add("mail:*:send"))
                    .put("metadata", new JsonObject().put("note", HOSTILE).put(HOSTILE, "x")))
            .expect(201)
            .text("id");
    JsonObject policy =
        new JsonObject()
            .put("name", "hostile-" + tag)
            .put("description", HOSTILE)
            .put("effect", "allow")
            .put("scopes", new JsonArray().add("mail:*:send"))
            .put("identityId", agent)
            .put(
                "obligations",
                new JsonArray().add(new JsonObject().put("type", "require_approval")))
            .put(
                "conditions",
                new JsonArray()
                    .add(
                        new JsonObject()
                            .put("type", "attribute")
                            .put("attribute", "subject")
                            .put("operator", "neq")
                            .put("value", HOSTILE + "x")));
    api.post("/v1/policies", policy).expect(201);
    String token = token(agent);
    JsonObject waiting =
        new JsonObject()
            .put("token", token)
            .put("scope", "mail:box:send")
            .put("context", new JsonObject().put("subject", HOSTILE));
    assertThat(api.post("/v1/authorize", waiting).expect(200).text("reason"))
        .isEqualTo("approval_required");
    askWithUserAgent(HOSTILE, token);
    api.post("/v1/identities/" + agent + "/suspend", new JsonObject().put("reason", HOSTILE))
        .expect(200);
    return new Hostile(agent);
  }

  /** A denial whose record carries the header. */
  private static void askWithUserAgent(String userAgent, String token)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(stack.baseUrl() + "/v1/authorize"))
            .header("x-api-key", adminKey())
            .header("content-type", "application/json")
            .header("user-agent", userAgent)
            .POST(
                BodyPublishers.ofString(
                    new JsonObject().put("token", token).put("scope", "stripe:x:read").encode()))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      assertThat(client.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
    }
  }

  private static void harmless(String where) {
    assertThat(
            page.value(
                "document.querySelectorAll('[src=x], script:not([type=module]), [onerror]').length"))
        .as(where)
        .isEqualTo(0);
    assertThat(page.faults()).as(where).isEmpty();
  }

  private static String named(String kind) {
    return kind + "-" + Long.toString(System.nanoTime(), 36);
  }

  private static String agent(String name, String scope) {
    return stack
        .api()
        .post(
            "/v1/identities",
            new JsonObject()
                .put("name", name)
                .put("sponsorId", "user_jane")
                .put("scopes", new JsonArray().add(scope)))
        .expect(201)
        .text("id");
  }

  private static String token(String agent) {
    return stack
        .api()
        .post("/v1/tokens", new JsonObject().put("identityId", agent))
        .expect(201)
        .text("accessToken");
  }

  private static JsonObject ask(String token, String scope) {
    Answer answer =
        stack.api().post("/v1/authorize", new JsonObject().put("token", token).put("scope", scope));
    return answer.expect(200).body();
  }

  private static String adminKey() {
    return stack.credentials().getString("adminApiKey");
  }

  private static void open() {
    page.open(stack.baseUrl() + "/console");
    page.await("document.querySelector('#credential')");
  }

  private static void enter(String credential) {
    page.fill("#credential", credential);
    page.click("button", "Sign in");
  }

  private static void signIn() {
    // Another document, so that nobody is signed in any more.
    page.open("about:blank");
    page.await("location.href === 'about:blank'");
    open();
    enter(adminKey());
    page.awaitText("h1", "Overview");
  }

  private static void goTo(String name) {
    page.click("nav a", name);
    page.awaitText("h1", name);
  }

  private static void openAgent(String id) {
    page.value("location.hash = '#/agents/" + id + "'");
    page.awaitText("header .id", id);
  }

  /** An expression for the feed's newest row about an agent. */
  private static String row(String agent) {
    return "document.querySelector('details.entry:has(a[href$=\"" + agent + "\"])')";
  }

  private static void tabTo(String selector) {
    for (int i = 0; i < 60; i++) {
      page.press("Tab");
      if (Boolean.TRUE.equals(
          page.value(
              "document.activeElement?.matches(" + JsonArray.of(selector).encode() + "[0])"))) {
        return;
      }
    }
    throw new AssertionError("no number of tabs leads to " + selector);
  }

  /** The pictures of the documentation, when somebody asks for them. */
  private static void photograph(String name) {
    Optional.ofNullable(System.getProperty("relayauth.screenshots"))
        .map(folder -> WholeStack.root().resolve(Path.of(folder, name + ".png")))
        .ifPresent(page::photograph);
  }

  private static void photographBoth(String name) {
    for (String scheme : List.of("light", "dark")) {
      page.prefer(scheme);
      photograph(name + "-" + scheme);
    }
  }
}
