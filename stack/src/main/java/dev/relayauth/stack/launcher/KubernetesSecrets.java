package dev.relayauth.stack.launcher;

import dev.relayauth.stack.ServiceName;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The Secrets that the Helm chart asks for, new ones at each call, for {@code kubectl apply}:
 * {@code relayauth}, {@code relayauth-internal}, and {@code relayauth-platform} with the platform
 * key itself, which no service mounts.
 */
final class KubernetesSecrets {
  private KubernetesSecrets() {}

  static void print(PrintStream out) throws IOException {
    Path scratch = Files.createTempDirectory("relayauth-secrets");
    try {
      Secrets secrets = Secrets.create();
      ServiceKeys keys = new ServiceKeys(scratch);
      keys.createMissing();
      out.print(manifest("relayauth", shared(secrets)));
      out.print(manifest("relayauth-internal", internal(keys)));
      out.print(manifest("relayauth-platform", Map.of("platform-key", secrets.platformKey())));
    } finally {
      delete(scratch);
    }
  }

  private static Map<String, String> shared(Secrets secrets) {
    Map<String, String> data = new LinkedHashMap<>();
    data.put("platform-key-hash", secrets.platformKeyHash());
    data.put("revision-key", secrets.revisionKey());
    data.put("key-encryption-key", secrets.keyEncryptionKey());
    data.put("refresh-key", secrets.refreshKey());
    data.put("audit-key-encryption-key", secrets.auditKeyEncryptionKey());
    return data;
  }

  private static Map<String, String> internal(ServiceKeys keys) throws IOException {
    Map<String, String> data = new LinkedHashMap<>();
    for (ServiceName service : ServiceName.values()) {
      data.put(service.slug() + ".jwk", Files.readString(keys.privateKey(service)));
    }
    data.put("trusted.jwks", Files.readString(keys.trusted()));
    return data;
  }

  private static String manifest(String name, Map<String, String> data) {
    StringBuilder manifest =
        new StringBuilder("---\napiVersion: v1\nkind: Secret\ntype: Opaque\nmetadata:\n")
            .append("  name: ")
            .append(name)
            .append("\ndata:\n");
    data.forEach(
        (key, value) ->
            manifest
                .append("  ")
                .append(key)
                .append(": ")
                .append(Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8)))
                .append('\n'));
    return manifest.toString();
  }

  private static void delete(Path scratch) throws IOException {
    try (var files = Files.list(scratch)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.delete(file);
      }
    }
    Files.delete(scratch);
  }
}
