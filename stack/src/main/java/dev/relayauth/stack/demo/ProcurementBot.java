package dev.relayauth.stack.demo;

import dev.relayauth.stack.demo.Api.Answer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;

/**
 * A bot that is to place forty orders and may place five an hour: the sixth is refused, the bot is
 * suspended, and its token is dead everywhere.
 */
final class ProcurementBot {
  private static final int ORDERS = 40;
  private static final int CAP = 5;
  private static final String SCOPE = "stripe:orders:approve";
  private static final Duration DEAD_WITHIN = Duration.ofSeconds(5);

  private final Api api;
  private final String sponsorId;

  ProcurementBot(Api api, String sponsorId) {
    this.api = api;
    this.sponsorId = sponsorId;
  }

  /**
   * What happened.
   *
   * @param refusedOrder the first order that was refused, and why
   * @param deadMillis from the refusal until the token was refused as a credential
   */
  record Story(
      String identityId,
      int placed,
      int refusedOrder,
      String reason,
      String resetAt,
      double deadMillis,
      String status) {}

  Story run() {
    String id = create();
    String token =
        api.post(
                "/v1/tokens",
                new JsonObject().put("identityId", id).put("scopes", new JsonArray().add(SCOPE)))
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
    return new Story(
        id, placed, refusedOrder, refusal.getString("reason", ""), resetAt, dead, status);
  }

  private String create() {
    JsonObject budget = new JsonObject().put("maxActionsPerHour", CAP).put("autoSuspend", true);
    JsonObject body =
        new JsonObject()
            .put("name", "order-bot-" + Long.toString(System.currentTimeMillis(), 36))
            .put("sponsorId", sponsorId)
            .put("scopes", new JsonArray().add(SCOPE))
            .put("budget", budget);
    return api.post("/v1/identities", body).expect(201).text("id");
  }

  private JsonObject authorize(String token) {
    JsonObject body = new JsonObject().put("token", token).put("scope", SCOPE);
    return api.post("/v1/authorize", body).expect(200).body();
  }

  /** Until the token service says so too. */
  private double awaitDead(String token, long since) {
    Instant giveUp = Instant.now().plus(DEAD_WITHIN);
    while (Instant.now().isBefore(giveUp)) {
      Answer answer = api.post("/v1/tokens/validate", new JsonObject().put("token", token));
      if (!answer.expect(200).body().getBoolean("valid")) {
        return (System.nanoTime() - since) / 1e6;
      }
    }
    throw new IllegalStateException("the bot that overran its budget still has a living token");
  }
}
