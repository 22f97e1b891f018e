package dev.relayauth.stack.demo;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A bot that is to place forty orders and may place five an hour: the sixth is refused, the bot is
 * suspended, its token is dead at every service, and its sponsor's webhook is called.
 */
final class ProcurementBot {
  private static final int ORDERS = 40;
  private static final int CAP = 5;
  private static final String SCOPE = "stripe:orders:approve";
  private static final String READS = "relayauth:*:read";
  private static final Duration DEAD_WITHIN = Duration.ofSeconds(5);
  private static final Duration TOLD_WITHIN = Duration.ofSeconds(10);

  private final Api api;
  private final String sponsorId;
  private final int webhookPort;

  /**
   * @param webhookPort the loopback port that the stack lets webhooks go to
   */
  ProcurementBot(Api api, String sponsorId, int webhookPort) {
    this.api = api;
    this.sponsorId = sponsorId;
    this.webhookPort = webhookPort;
  }

  /**
   * What happened.
   *
   * @param refusedOrder the first order that was refused, and why
   * @param deadMillis from the refusal until all five services refused the token as a credential
   * @param told the signed messages that the sponsor's webhook received, in the order of the story
   */
  record Story(
      String identityId,
      int placed,
      int refusedOrder,
      String reason,
      String resetAt,
      double deadMillis,
      String status,
      List<String> told) {
    Story {
      told = List.copyOf(told);
    }
  }

  Story run() {
    List<String> events = List.of("budget.alert", "budget.exceeded", "identity.suspended");
    try (SponsorWebhook webhook = SponsorWebhook.open(api, webhookPort, events)) {
      return run(webhook, events);
    }
  }

  private Story run(SponsorWebhook webhook, List<String> events) {
    String id = create();
    String token =
        api.post(
                "/v1/tokens",
                new JsonObject()
                    .put("identityId", id)
                    .put("scopes", new JsonArray().add(SCOPE).add(READS)))
            .expect(201)
            .text("accessToken");
    int placed = 0;
    int refusedOrder = 0;
    JsonObject refusal = new JsonObject();
    long refusedAt = 0;
    for (int order = 1; order <= ORDERS; order++) {
      JsonObject answer = authorize(token);
      if (answer.getBoolean("allowed")) {
        placed++;
      } else if (refusedOrder == 0) {
        refusedAt = System.nanoTime();
        refusedOrder = order;
        refusal = answer;
      }
    }
    double dead = awaitDead(token, refusedAt);
    String resetAt = refusal.getJsonObject("budget", new JsonObject()).getString("resetAt", "");
    String status = api.get("/v1/identities/" + id).expect(200).text("status");
    List<String> told = webhook.await(id, events, TOLD_WITHIN);
    return new Story(
        id, placed, refusedOrder, refusal.getString("reason", ""), resetAt, dead, status, told);
  }

  private String create() {
    JsonObject budget = new JsonObject().put("maxActionsPerHour", CAP).put("autoSuspend", true);
    JsonObject body =
        new JsonObject()
            .put("name", "order-bot-" + Long.toString(System.currentTimeMillis(), 36))
            .put("sponsorId", sponsorId)
            .put("scopes", new JsonArray().add(SCOPE).add(READS))
            .put("budget", budget);
    return api.post("/v1/identities", body).expect(201).text("id");
  }

  private JsonObject authorize(String token) {
    JsonObject body = new JsonObject().put("token", token).put("scope", SCOPE);
    return api.post("/v1/authorize", body).expect(200).body();
  }

  /** Until no service takes it as a credential any more. */
  private double awaitDead(String token, long since) {
    Api bot = api.as(token);
    Instant giveUp = Instant.now().plus(DEAD_WITHIN);
    for (String route : RevocationStopwatch.ROUTES.values()) {
      while (bot.get(route).status() != 401) {
        if (Instant.now().isAfter(giveUp)) {
          throw new IllegalStateException(
              "the bot that overran its budget still has a living token at " + route);
        }
      }
    }
    return (System.nanoTime() - since) / 1e6;
  }
}
