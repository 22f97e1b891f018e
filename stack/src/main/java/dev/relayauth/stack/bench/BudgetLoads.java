package dev.relayauth.stack.bench;

import dev.relayauth.stack.demo.Api;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** Authorize with a cost beside authorize without one, and the ledger's own exact spend. */
final class BudgetLoads {
  private static final int AGENTS = 20;
  private static final String SCOPE = "stripe:orders:approve";

  private final Api api;
  private final JsonObject credentials;
  private final int port;

  BudgetLoads(Api api, JsonObject credentials, int port) {
    this.api = api;
    this.credentials = credentials;
    this.port = port;
  }

  private record Bot(String id, String token) {}

  /** The loads, in the order in which they are to run. */
  List<Load> all() {
    List<Bot> free = bots(false);
    List<Bot> capped = bots(true);
    return List.of(
        authorize("authorize, no cost", free, ""),
        authorize("authorize, cost", capped, ",\"context\":{\"cost\":0.01}"),
        spend(capped));
  }

  private Load authorize(String name, List<Bot> bots, String context) {
    return new Load(
        name,
        port,
        "POST",
        "/v1/authorize",
        credentials.getString("adminApiKey"),
        n ->
            "{\"token\":\"%s\",\"scope\":\"%s\"%s}"
                .formatted(bots.get(n % bots.size()).token(), SCOPE, context),
        200,
        0);
  }

  private Load spend(List<Bot> bots) {
    return new Load(
        "ledger, exact spend",
        port,
        "POST",
        "/v1/budgets/" + bots.getFirst().id() + "/spend",
        credentials.getString("adminApiKey"),
        n -> "{\"amount\":0.01}",
        201,
        0);
  }

  private List<Bot> bots(boolean capped) {
    List<Bot> bots = new ArrayList<>();
    for (int i = 0; i < AGENTS; i++) {
      JsonObject body =
          new JsonObject()
              .put("name", "budget-" + i + "-" + Long.toString(System.nanoTime(), 36))
              .put("sponsorId", credentials.getString("sponsorId"))
              .put("scopes", new JsonArray().add(SCOPE));
      if (capped) {
        body.put(
            "budget",
            new JsonObject()
                .put("maxCostPerDay", 1_000_000)
                .put("maxActionsPerHour", 1_000_000_000));
      }
      String id = api.post("/v1/identities", body).expect(201).text("id");
      JsonObject issue = new JsonObject().put("identityId", id);
      bots.add(new Bot(id, api.post("/v1/tokens", issue).expect(201).text("accessToken")));
    }
    return bots;
  }
}
