package dev.relayauth.stack.seed;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Makes sure that there is an organisation to work in, and an administrator with a fresh token.
 * Everything goes through the public API; what exists already is left as it is.
 */
public final class Seed {
  private static final String ORGANISATION = "org_acme";
  private static final String WORKSPACE = "ws_prod";
  private static final String SPONSOR = "user_jane";
  private static final String ADMINISTRATOR = "relayauth-admin";

  private final Api api;
  private final String baseUrl;
  private final String platformKey;
  private final Path file;
  private final BiConsumer<Path, String> writer;

  /**
   * @param file of the credentials
   * @param writer replaces a file so that only its owner can read it
   */
  public Seed(
      Api api, String baseUrl, String platformKey, Path file, BiConsumer<Path, String> writer) {
    this.api = api;
    this.baseUrl = baseUrl;
    this.platformKey = platformKey;
    this.file = file;
    this.writer = writer;
  }

  /**
   * Seeds, and writes the credentials.
   *
   * @throws SeedException naming the call that was refused
   */
  public Credentials run() throws IOException, InterruptedException {
    String key = organisationKey();
    ensure("/v1/workspaces", WORKSPACE, key, named(WORKSPACE, "Production"));
    ensure("/v1/sponsors", SPONSOR, key, named(SPONSOR, "Jane").put("email", "jane@acme.example"));
    return write(key, adminToken(key));
  }

  private String organisationKey() throws IOException, InterruptedException {
    Optional<Credentials> known =
        Files.exists(file)
            ? Optional.of(Credentials.parse(Files.readString(file)))
            : Optional.empty();
    if (known.isPresent()
        && api.get("/v1/organizations/" + ORGANISATION, known.get().adminApiKey()).status()
            == 200) {
      return known.get().adminApiKey();
    }
    JsonObject organisation = named(ORGANISATION, "Acme").put("email", "admin@acme.example");
    Api.Answer created = api.post("/v1/organizations", platformKey, organisation);
    if (created.status() == 409) {
      throw new SeedException(
          ORGANISATION + " exists, but its key is not in " + file + ": start with --fresh");
    }
    String key = require(created, "create " + ORGANISATION).getString("key");
    write(key, "");
    return key;
  }

  private void ensure(String path, String id, String key, JsonObject body)
      throws IOException, InterruptedException {
    if (api.get(path + "/" + id, key).status() != 200) {
      require(api.post(path, key, body), "create " + id);
    }
  }

  private String adminToken(String key) throws IOException, InterruptedException {
    JsonObject wanted =
        new JsonObject()
            .put("identityId", administrator(key))
            .put("scopes", new JsonArray().add("*"))
            .put("ttl", "24h");
    return require(api.post("/v1/tokens", key, wanted), "issue the administrator's token")
        .getString("accessToken");
  }

  private String administrator(String key) throws IOException, InterruptedException {
    Path remembered = file.resolveSibling("seed.json");
    if (Files.exists(remembered)) {
      String id = new JsonObject(Files.readString(remembered)).getString("administrator");
      if (api.get("/v1/identities/" + id, key).status() == 200) {
        return id;
      }
    }
    JsonObject identity =
        new JsonObject()
            .put("name", ADMINISTRATOR)
            .put("type", "service")
            .put("sponsorId", SPONSOR)
            .put("workspaceId", WORKSPACE)
            .put("scopes", new JsonArray().add("*"));
    Api.Answer created = api.post("/v1/identities", key, identity);
    String id =
        created.status() == 409
            ? find(key)
            : require(created, "create " + ADMINISTRATOR).getString("id");
    writer.accept(remembered, new JsonObject().put("administrator", id).encode());
    return id;
  }

  /** A run that was killed between creating it and remembering it leaves it to be found. */
  private String find(String key) throws IOException, InterruptedException {
    String page = "/v1/identities?type=service&limit=200";
    String next = page;
    while (true) {
      JsonObject answer = require(api.get(next, key), "list identities");
      for (Object each : answer.getJsonArray("data")) {
        JsonObject identity = (JsonObject) each;
        if (identity.getString("name").equals(ADMINISTRATOR)) {
          return identity.getString("id");
        }
      }
      String cursor = answer.getString("cursor");
      if (cursor == null) {
        throw new SeedException(ADMINISTRATOR + " is taken, but isn't in the list");
      }
      next = page + "&cursor=" + URLEncoder.encode(cursor, StandardCharsets.UTF_8);
    }
  }

  private Credentials write(String key, String token) {
    Credentials credentials =
        new Credentials(baseUrl, platformKey, ORGANISATION, WORKSPACE, SPONSOR, key, token);
    writer.accept(file, credentials.toJson());
    return credentials;
  }

  private static JsonObject named(String id, String name) {
    return new JsonObject().put("id", id).put("name", name);
  }

  private static JsonObject require(Api.Answer answer, String act) {
    if (answer.status() / 100 != 2) {
      throw new SeedException("can't " + act + ": " + answer.status() + " " + answer.body());
    }
    return answer.body();
  }
}
