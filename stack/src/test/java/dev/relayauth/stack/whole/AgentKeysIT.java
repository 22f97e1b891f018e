package dev.relayauth.stack.whole;

import static org.assertj.core.api.Assertions.assertThat;

import dev.relayauth.stack.demo.Api;
import dev.relayauth.stack.demo.RevocationStopwatch;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A sub-agent's key falls with everybody above the sub-agent, at every service. */
class AgentKeysIT {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static WholeStack stack;

  @BeforeAll
  static void start() {
    stack = WholeStack.shared();
  }

  @Test
  void refusesASubAgentsKeyEverywhereWhileAnAncestorIsSuspendedOrGone() {
    Api admin = stack.api();
    String human = "user_keys";
    admin.post("/v1/sponsors", new JsonObject().put("id", human).put("name", "Keys")).expect(201);
    String grandparent = agent(admin, "keys-grandparent", human);
    String parent = agent(admin, "keys-parent", grandparent);
    Api child = admin.as(key(admin, agent(admin, "keys-child", parent)));
    awaitEverywhere(child, 200);

    admin
        .post(
            "/v1/identities/" + grandparent + "/suspend", new JsonObject().put("reason", "a test"))
        .expect(200);
    awaitEverywhere(child, 401);

    admin.post("/v1/identities/" + grandparent + "/reactivate", new JsonObject()).expect(200);
    awaitEverywhere(child, 200);

    admin.patch("/v1/sponsors/" + human, new JsonObject().put("status", "offboarded")).expect(200);
    awaitEverywhere(child, 401);
    assertThat(statuses(admin).values()).containsOnly(200);
  }

  @Test
  void refusesASubAgentsKeyEverywhereOnceAnAncestorIsRetired() {
    Api admin = stack.api();
    String parent = agent(admin, "retired-parent", "user_jane");
    Api child = admin.as(key(admin, agent(admin, "retired-child", parent)));
    awaitEverywhere(child, 200);

    admin.post("/v1/identities/" + parent + "/retire", new JsonObject()).expect(200);

    awaitEverywhere(child, 401);
  }

  private static String agent(Api admin, String name, String sponsor) {
    return admin
        .post(
            "/v1/identities",
            new JsonObject()
                .put("name", name)
                .put("sponsorId", sponsor)
                .put("scopes", new JsonArray().add("relayauth:*:read")))
        .expect(201)
        .text("id");
  }

  private static String key(Api admin, String identity) {
    return admin
        .post(
            "/v1/api-keys",
            new JsonObject()
                .put("name", "of " + identity)
                .put("identityId", identity)
                .put("scopes", new JsonArray().add("relayauth:*:read")))
        .expect(201)
        .text("key");
  }

  private static void awaitEverywhere(Api caller, int status) {
    WholeStack.await(
        SOON, () -> statuses(caller).values().stream().allMatch(actual -> actual == status));
  }

  private static Map<String, Integer> statuses(Api caller) {
    Map<String, Integer> statuses = new TreeMap<>();
    RevocationStopwatch.ROUTES.forEach(
        (service, path) -> statuses.put(service, caller.get(path).status()));
    return statuses;
  }
}
