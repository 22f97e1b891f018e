package dev.relayauth.stack.demo;

import dev.relayauth.stack.demo.Api.Answer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Tells the story: an agent with a sponsor, a token, two decisions, an escalation, a revocation, a
 * budget that holds.
 */
public final class Demo {
  private static final int REVOCATIONS = 100;
  private static final Duration AUDIT_WITHIN = Duration.ofSeconds(5);

  private final Api api;
  private final JsonObject credentials;
  private final int webhookPort;
  private int line;

  private Demo(JsonObject credentials, int webhookPort) {
    this.credentials = credentials;
    this.webhookPort = webhookPort;
    this.api = new Api(credentials.getString("baseUrl"), credentials.getString("adminApiKey"));
  }

  /** Runs against the stack whose state directory {@code --state} names. */
  public static void main(String[] arguments) throws IOException {
    int at = Arrays.asList(arguments).indexOf("--state");
    Path state = Path.of(at >= 0 ? arguments[at + 1] : ".relayauth");
    Path file = state.resolve("credentials.json");
    if (!Files.exists(file)) {
      System.err.println("There is no " + file + ": run ./relayauth up first.");
      System.exit(1);
    }
    int webhookPort = Integer.parseInt(Files.readString(state.resolve("webhook-receiver")));
    new Demo(new JsonObject(Files.readString(file)), webhookPort).tell();
  }

  private void tell() {
    Answer bot = createAgent();
    String id = bot.text("id");
    say(
        "created   %s (%s), %s",
        bot.text("name"), id, chain(bot.body().getJsonArray("sponsorChain")));
    String token = issue(id);
    authorize(token, "stripe:orders:read");
    authorize(token, "relaycast:channel:write:#billing");
    authorize(token, "stripe:orders:approve");
    escalate();
    revoke(id, token);
    stopwatch();
    trail(id);
    overrun();
  }

  private void overrun() {
    String sponsor = credentials.getString("sponsorId");
    ProcurementBot.Story story = new ProcurementBot(api, sponsor, webhookPort).run();
    say(
        "budget    5 orders an hour: %d of 40 were placed, order %d was refused (%s, room again at %s)",
        story.placed(), story.refusedOrder(), story.reason(), story.resetAt());
    say(
        "suspended the bot is %s; its token was dead at all five services %.0f ms after the refusal",
        story.status(), story.deadMillis());
    say("webhook   %s was told: %s", sponsor, String.join(", ", story.told()));
    for (String action : List.of("budget.alert", "budget.exceeded", "identity.suspended")) {
      JsonObject entry = awaitEntry(story.identityId(), action);
      say(
          "on record %s %s ← %s",
          entry.getString("action"), entry.getString("id"), entry.getString("sponsorId"));
    }
  }

  private Answer createAgent() {
    say("sponsor   %s answers for whatever follows", credentials.getString("sponsorId"));
    JsonObject body =
        new JsonObject()
            .put("org_id", credentials.getString("orgId"))
            .put("workspace_id", credentials.getString("workspaceId"))
            .put("sponsor_id", credentials.getString("sponsorId"));
    Answer first = api.post("/v1/identities", body.put("name", "billing-bot"));
    if (first.status() == 409) {
      // An earlier demo's bot is still there.
      String name = "billing-bot-" + Long.toString(System.currentTimeMillis(), 36);
      return api.post("/v1/identities", body.put("name", name)).expect(201);
    }
    return first.expect(201);
  }

  private String issue(String id) {
    JsonArray scopes =
        new JsonArray().add("stripe:orders:read").add("relaycast:channel:write:#billing");
    Answer pair =
        api.post(
                "/v1/tokens",
                new JsonObject().put("identityId", id).put("scopes", scopes).put("expiresIn", "1h"))
            .expect(201);
    String token = pair.text("accessToken");
    say("issued    a token for 1 h with %s", String.join(" and ", strings(scopes)));
    JsonObject claims =
        new OfflineVerifier(api.get("/.well-known/jwks.json").expect(200).body()).verify(token);
    say(
        "verified  offline from the JWKS: signature good, aud %s, expires %s",
        claims.getJsonArray("aud"), Instant.ofEpochSecond(claims.getLong("exp")));
    return token;
  }

  private void authorize(String token, String scope) {
    Answer answer =
        api.post("/v1/authorize", new JsonObject().put("token", token).put("scope", scope))
            .expect(200);
    boolean allowed = answer.body().getBoolean("allowed");
    JsonObject matched = answer.body().getJsonObject("matched", new JsonObject());
    String why =
        allowed
            ? "granted by %s via %s".formatted(matched.getString("grant"), matched.getString("via"))
            : answer.text("reason");
    say("decision  %s → %s: %s", scope, answer.text("decision").toUpperCase(Locale.ROOT), why);
  }

  private void escalate() {
    JsonObject parentBody =
        new JsonObject()
            .put("name", "procurement-bot-" + Long.toString(System.currentTimeMillis(), 36))
            .put("sponsorId", credentials.getString("sponsorId"))
            .put("scopes", new JsonArray().add("stripe:orders:read"));
    Answer parent = api.post("/v1/identities", parentBody).expect(201);
    Answer refused =
        api.post(
                "/v1/identities/" + parent.text("id") + "/sub-agents",
                new JsonObject()
                    .put("name", "greedy-helper")
                    .put(
                        "scopes",
                        new JsonArray().add("stripe:orders:read").add("stripe:orders:approve")))
            .expect(403);
    say(
        "blocked   a sub-agent of %s that asked for %s: %s",
        parent.text("name"), refused.text("required"), refused.text("code"));
    JsonObject entry = awaitEntry(parent.text("id"), "scope.escalation_denied");
    say("on record %s %s", entry.getString("action"), entry.getString("id"));
  }

  private void revoke(String id, String token) {
    long start = System.nanoTime();
    api.post("/v1/tokens/revoke", new JsonObject().put("identityId", id)).expect(204);
    Answer answer;
    do {
      answer =
          api.post(
                  "/v1/authorize",
                  new JsonObject().put("token", token).put("scope", "stripe:orders:read"))
              .expect(200);
    } while (answer.body().getBoolean("allowed"));
    say(
        "revoked   every token of the bot with one call: %s after %.1f ms",
        answer.text("reason"), (System.nanoTime() - start) / 1e6);
  }

  private void stopwatch() {
    Answer probe =
        api.post(
                "/v1/identities",
                new JsonObject()
                    .put("name", "stopwatch-" + Long.toString(System.currentTimeMillis(), 36))
                    .put("sponsorId", credentials.getString("sponsorId")))
            .expect(201);
    RevocationStopwatch.Times times =
        new RevocationStopwatch(api, probe.text("id")).run(REVOCATIONS);
    say(
        "stopwatch %d revocations, from the answer until all five services denied:"
            + " p50 %.1f ms, p99 %.1f ms, max %.1f ms",
        REVOCATIONS, times.quantile(0.5), times.quantile(0.99), times.quantile(1));
    say("          p50 of each alone, in ms: %s", times.medians());
  }

  private void trail(String id) {
    awaitEntry(id, "token.revoked");
    JsonArray entries =
        api.get("/v1/audit?limit=50&identityId=" + id).expect(200).body().getJsonArray("entries");
    say("trail     what the log says of the bot, newest first, each line back to the human:");
    String last = "";
    int times = 0;
    for (int i = 0; i <= entries.size(); i++) {
      String text = i < entries.size() ? describe(entries.getJsonObject(i)) : "";
      if (!text.equals(last) && times > 0) {
        say("          %s%s", last, times > 1 ? " × " + times : "");
        times = 0;
      }
      last = text;
      times++;
    }
  }

  private static String describe(JsonObject entry) {
    JsonObject metadata = entry.getJsonObject("metadata", new JsonObject());
    return "%-16s %-7s %s ← %s"
        .formatted(
            entry.getString("action"),
            entry.getString("result"),
            metadata.getString("scope", metadata.getString("reason", "")),
            entry.getString("sponsorId"));
  }

  private JsonObject awaitEntry(String identityId, String action) {
    Instant giveUp = Instant.now().plus(AUDIT_WITHIN);
    while (Instant.now().isBefore(giveUp)) {
      JsonArray entries =
          api.get("/v1/audit?identityId=" + identityId + "&action=" + action)
              .expect(200)
              .body()
              .getJsonArray("entries");
      if (!entries.isEmpty()) {
        return entries.getJsonObject(0);
      }
    }
    throw new IllegalStateException(action + " of " + identityId + " is not on record in time");
  }

  private static String chain(JsonArray ids) {
    return strings(ids).stream().collect(Collectors.joining(" → "));
  }

  private static List<String> strings(JsonArray values) {
    List<String> texts = new ArrayList<>();
    values.forEach(value -> texts.add(String.valueOf(value)));
    return texts;
  }

  private void say(String format, Object... values) {
    line++;
    System.out.printf(Locale.ROOT, "%2d  " + format + "%n", prepend(values));
  }

  private Object[] prepend(Object... values) {
    Object[] all = new Object[values.length + 1];
    all[0] = line;
    System.arraycopy(values, 0, all, 1, values.length);
    return all;
  }
}
