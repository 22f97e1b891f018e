package dev.relayauth.stack.launcher;

import dev.relayauth.stack.seed.Api;
import dev.relayauth.stack.seed.Credentials;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Makes the AOT caches: a run of the whole stack on scratch state, some requests, and a stop, at
 * which every process writes what it has learned. Once a build.
 */
final class Training {
  private static final int ROUNDS = 30;

  private Training() {}

  /**
   * Trains in a JVM of its own, which writes the launcher's own cache too.
   *
   * @return whether it worked; the stack starts without caches as well, only more slowly
   */
  static boolean inAnotherJvm(Options options, Path log) throws IOException, InterruptedException {
    Path jar = Path.of(System.getProperty("java.class.path")).toAbsolutePath();
    Path scratch = jar.resolveSibling("relayauth-training");
    Path cache = jar.resolveSibling("relayauth-aot").resolve("launcher.aot");
    Files.createDirectories(cache.getParent());
    Files.deleteIfExists(cache);
    List<String> command =
        new JavaCommand(new StateDirectory(scratch), false)
            .jar(jar, 96, new AotCache.Write(cache), List.of());
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().remove("RELAYAUTH_POSTGRES_URL");
    builder.environment().remove("RELAYAUTH_KAFKA_BOOTSTRAP");
    builder
        .command()
        .addAll(
            List.of(
                "train",
                "--fresh",
                "--root",
                options.root().toString(),
                "--state",
                scratch.toString(),
                "--port",
                Integer.toString(new Ports(options.port() + 500).take())));
    return builder.start().waitFor() == 0;
  }

  /** The training itself. */
  static void run(Options options, Progress progress) throws IOException, InterruptedException {
    try (Run run = Run.start(options, progress, true)) {
      exercise(run.credentials());
      progress.done("exercise", ROUNDS + " rounds");
    }
    progress.done("caches", "written");
  }

  private static void exercise(Credentials admin) throws IOException, InterruptedException {
    try (Api api = new Api(admin.baseUrl())) {
      for (int i = 0; i < ROUNDS; i++) {
        round(api, admin, "trainee-" + i);
      }
    }
  }

  private static void round(Api api, Credentials admin, String name)
      throws IOException, InterruptedException {
    String key = admin.adminApiKey();
    JsonArray scopes = new JsonArray().add("stripe:orders:read");
    String id =
        api.post(
                "/v1/identities",
                key,
                new JsonObject()
                    .put("name", name)
                    .put("sponsorId", admin.sponsorId())
                    .put("scopes", scopes))
            .body()
            .getString("id");
    String token =
        api.post("/v1/tokens", key, new JsonObject().put("identityId", id).put("scopes", scopes))
            .body()
            .getString("accessToken");
    api.get("/v1/tokens/introspect?token=" + token, key);
    api.post(
        "/v1/authorize",
        key,
        new JsonObject().put("token", token).put("scope", "stripe:orders:read"));
    api.get("/v1/identities?limit=5", admin.adminApiKey());
    api.post("/v1/tokens/revoke", key, new JsonObject().put("identityId", id));
    api.get("/v1/audit?limit=5", key);
  }
}
