package dev.relayauth.stack.seed;

import io.vertx.core.json.JsonObject;

/** What a person needs to use the stack; {@code credentials.json} has the same members. */
public record Credentials(
    String baseUrl,
    String platformKey,
    String orgId,
    String workspaceId,
    String sponsorId,
    String adminApiKey,
    String adminToken) {

  /** The file's content. */
  public String toJson() {
    return new JsonObject()
        .put("baseUrl", baseUrl)
        .put("platformKey", platformKey)
        .put("orgId", orgId)
        .put("workspaceId", workspaceId)
        .put("sponsorId", sponsorId)
        .put("adminApiKey", adminApiKey)
        .put("adminToken", adminToken)
        .encodePrettily();
  }

  /** Reads the file's content. */
  public static Credentials parse(String content) {
    JsonObject json = new JsonObject(content);
    return new Credentials(
        json.getString("baseUrl"),
        json.getString("platformKey"),
        json.getString("orgId"),
        json.getString("workspaceId"),
        json.getString("sponsorId"),
        json.getString("adminApiKey"),
        json.getString("adminToken"));
  }

  @Override
  public String toString() {
    return "Credentials[" + baseUrl + ", " + orgId + ", redacted]";
  }
}
