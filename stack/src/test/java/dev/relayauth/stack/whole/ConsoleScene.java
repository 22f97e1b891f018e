package dev.relayauth.stack.whole;

import dev.relayauth.stack.demo.Api;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A small company's agents at work, for the console to show. */
final class ConsoleScene {
  private final Api api;
  private final Map<String, String> tokens = new HashMap<>();

  ConsoleScene(Api api) {
    this.api = api;
  }

  /** Sets the scene, and answers the agent in its middle. */
  String play() {
    JsonObject role = new JsonObject().put("name", "invoice-clerk");
    role.put("scopes", list("stripe:invoices:read", "stripe:invoices:write"));
    String clerk = create("/v1/roles", role);
    String invoices =
        create(
            "/v1/identities",
            draft(
                    "invoices",
                    "stripe:orders:read",
                    "stripe:orders:approve:<=5000",
                    "relayfile:fs:read:/invoices/*")
                .put("sponsorId", "user_jane")
                .put("workspaceId", "ws_prod")
                .put("roles", list(clerk))
                .put("metadata", new JsonObject().put("team", "finance"))
                .put("budget", budget(200, 50)));
    String below = "/v1/identities/" + invoices + "/sub-agents";
    String reader = create(below, draft("pdf-reader", "relayfile:fs:read:/invoices/2026/*"));
    String payments =
        create(
            below,
            draft("payment-bot", "stripe:orders:read", "stripe:orders:approve:<=500")
                .put("budget", budget(20, 10)));
    String triage = create(below, draft("triage", "stripe:orders:read"));
    String releases =
        create(
            "/v1/identities",
            draft("release-captain", "github:contents:write", "github:deployments:create")
                .put("sponsorId", "user_jane"));
    JsonObject freeze = new JsonObject().put("name", "freeze-deployments").put("effect", "deny");
    freeze.put("priority", 900).put("scopes", list("github:deployments:create"));
    create("/v1/policies", freeze.put("description", "Nothing ships before the books are closed."));
    JsonObject reason = new JsonObject().put("reason", "Prompt injection suspected");
    api.post("/v1/identities/" + triage + "/suspend", reason).expect(200);
    for (int round = 0; round < 6; round++) {
      work(invoices, "stripe:orders:read", "stripe:orders:approve:900", "stripe:invoices:read");
      work(reader, "relayfile:fs:read:/invoices/2026/07.pdf", "relayfile:fs:read:/payroll/07.pdf");
      work(payments, "stripe:orders:approve:120", "stripe:orders:read");
      work(releases, "github:contents:write", "github:deployments:create");
      work(invoices, "stripe:orders:approve:9000", "relayfile:fs:read:/invoices/2026/08.pdf");
    }
    return invoices;
  }

  /** Says the words wherever somebody may say something, and answers the agent that it is about. */
  String speak(String words, String scope) {
    JsonObject named = new JsonObject().put("name", words);
    String sponsor = create("/v1/sponsors", named);
    String workspace = create("/v1/workspaces", named);
    JsonObject body = named.copy().put("sponsorId", sponsor).put("workspaceId", workspace);
    body.put("metadata", new JsonObject().put(words, words)).put("scopes", list(scope));
    String agent = create("/v1/identities", body);
    agent(words + " below", agent, scope);
    JsonObject condition = new JsonObject().put("type", "attribute").put("operator", "eq");
    condition.put("attribute", "risk").put("value", words);
    JsonObject policy = new JsonObject().put("name", "hostile-words").put("effect", "deny");
    policy.put("description", words).put("scopes", list("stripe:orders:delete"));
    policy.put("conditions", new JsonArray().add(condition)).put("identityId", agent);
    create("/v1/policies", policy);
    JsonObject reason = new JsonObject().put("reason", words);
    api.post("/v1/identities/" + agent + "/suspend", reason).expect(200);
    create("/v1/revocations", reason.copy().put("type", "identity").put("id", agent));
    JsonObject question = new JsonObject().put("identityId", agent).put("scope", scope);
    api.post("/v1/authorize", question.put("context", new JsonObject().put("risk", words)))
        .expect(200);
    return agent;
  }

  /** An agent with one scope. */
  String agent(String name, String sponsor, String scope) {
    return create("/v1/identities", draft(name, scope).put("sponsorId", sponsor));
  }

  private void work(String agent, String... scopes) {
    String token =
        tokens.computeIfAbsent(
            agent,
            id ->
                api.post("/v1/tokens", new JsonObject().put("identityId", id))
                    .expect(201)
                    .text("accessToken"));
    for (String scope : scopes) {
      JsonObject question = new JsonObject().put("token", token).put("scope", scope);
      api.post("/v1/authorize", question).expect(200);
    }
  }

  private String create(String path, JsonObject body) {
    return api.post(path, body).expect(201).text("id");
  }

  private static JsonObject draft(String name, String... scopes) {
    return new JsonObject().put("name", name).put("scopes", list(scopes));
  }

  private static JsonObject budget(int actions, int cost) {
    return new JsonObject().put("maxActionsPerHour", actions).put("maxCostPerDay", cost);
  }

  private static JsonArray list(String... items) {
    return new JsonArray(List.of(items));
  }
}
