package dev.relayauth.stack.bench;

import dev.relayauth.stack.demo.Api;
import dev.relayauth.stack.demo.Tokens;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** An agent with a sponsor and a workspace of its own, from whom access is taken in any way. */
record RevocationVictim(Api owner, String org, String identity, String sponsor, String workspace) {
  /** Makes one in the organisation that {@code owner} is a key of. */
  static RevocationVictim make(Api owner, String org, String suffix) {
    String sponsor = create(owner, "/v1/sponsors", new JsonObject().put("name", "s" + suffix));
    String workspace = create(owner, "/v1/workspaces", new JsonObject().put("name", "w" + suffix));
    JsonObject agent =
        new JsonObject()
            .put("name", "revoked-" + suffix)
            .put("sponsorId", sponsor)
            .put("workspaceId", workspace);
    String identity = create(owner, "/v1/identities", agent);
    return new RevocationVictim(owner, org, identity, sponsor, workspace);
  }

  /** Makes an organisation and one in it. */
  static RevocationVictim inNewOrganization(Api platform, String suffix) {
    JsonObject made =
        platform
            .post("/v1/organizations", new JsonObject().put("name", "o" + suffix))
            .expect(201)
            .body();
    Api owner = platform.as(made.getString("key"));
    return make(owner, made.getJsonObject("organization").getString("id"), suffix);
  }

  private static String create(Api owner, String path, JsonObject body) {
    return owner.post(path, body).expect(201).text("id");
  }

  /** A token that may read everything. */
  Held issue() {
    JsonObject body =
        new JsonObject()
            .put("identityId", identity)
            .put("scopes", new JsonArray().add("relayauth:*:read"));
    JsonObject pair = owner.post("/v1/tokens", body).expect(201).body();
    return new Held(pair.getString("accessToken"), pair.getString("sessionId"));
  }

  /** What revokes that token of this agent. */
  String target(String kind, Held held) {
    return switch (kind) {
      case "token" -> Tokens.id(held.token());
      case "session" -> held.session();
      case "identity" -> identity;
      case "sponsor" -> sponsor;
      case "workspace" -> workspace;
      case "organization" -> org;
      case "key" -> Tokens.kid(held.token());
      default -> throw new IllegalArgumentException(kind);
    };
  }

  /** A token and its session. */
  record Held(String token, String session) {
    @Override
    public String toString() {
      return "Held[session=" + session + "]";
    }
  }
}
