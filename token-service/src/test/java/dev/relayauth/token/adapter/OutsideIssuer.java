package dev.relayauth.token.adapter;

import com.sun.net.httpserver.HttpServer;
import dev.relayauth.common.token.CryptoProvider;
import dev.relayauth.common.token.KeySet;
import dev.relayauth.common.token.SigningAlgorithm;
import dev.relayauth.common.token.SigningKey;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** An OpenID provider of somebody else, whom the service under test trusts. */
public final class OutsideIssuer implements QuarkusTestResourceLifecycleManager {
  static final String ISSUER = "https://ci.example.test";
  static final String AUDIENCE = "relayauth-ci";
  static final String ORG = "org_outside";
  static final String AGENT = "agent_outside";
  static final String HUMAN = "user_outside";
  static final String RESOURCE = "https://mcp.example.test/server";
  static final SigningKey KEY = SigningKey.generate(SigningAlgorithm.RS256);
  static final AtomicInteger FETCHES = new AtomicInteger();

  @Override
  public Map<String, String> start() {
    HttpServer server;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    byte[] jwks =
        KeySet.of(List.of(KEY.verificationKey())).toJson().getBytes(StandardCharsets.UTF_8);
    server.createContext(
        "/jwks",
        exchange -> {
          try (exchange) {
            FETCHES.incrementAndGet();
            exchange.sendResponseHeaders(200, jwks.length);
            exchange.getResponseBody().write(jwks);
          }
        });
    server.start();
    return settings("http://127.0.0.1:" + server.getAddress().getPort() + "/jwks");
  }

  private static Map<String, String> settings(String jwks) {
    String issuer = "relayauth.token.trusted-issuers.ci.";
    Map<String, String> settings = new HashMap<>();
    settings.put("relayauth.token.resources", RESOURCE);
    settings.put(issuer + "issuer", ISSUER);
    settings.put(issuer + "audience", AUDIENCE);
    settings.put(issuer + "org", ORG);
    settings.put(issuer + "jwks-uri", jwks);
    settings.put(issuer + "mappings.a.claims.sub", "repo:acme/app:ref:refs/heads/main");
    settings.put(issuer + "mappings.a.identity", AGENT);
    settings.put(issuer + "mappings.b.claims.sub", "person:*");
    settings.put(issuer + "mappings.b.claims.groups", "approvers");
    settings.put(issuer + "mappings.b.identity-claim", "relayauth_id");
    settings.put(issuer + "mappings.b.scopes", "relayauth:approval:manage,relayauth:audit:read");
    settings.put(issuer + "mappings.c.claims.job", "bare");
    settings.put(issuer + "mappings.c.identity-claim", "relayauth_id");
    settings.put(issuer + "mappings.d.claims.job", "named");
    settings.put(issuer + "mappings.d.identity-claim", "relayauth_id");
    settings.put(issuer + "mappings.d.scopes", "s:t:read,s:t:write");
    return settings;
  }

  @Override
  public void stop() {
    // The server ends with this JVM: the next test class uses it too.
  }

  /** A JWT of these claims; text values are quoted, others are not. */
  static String jwt(SigningKey key, Map<String, ?> header, Map<String, ?> claims) {
    String input = part(header) + "." + part(claims);
    byte[] made = CryptoProvider.preferred().sign(key, input.getBytes(StandardCharsets.US_ASCII));
    return input + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(made);
  }

  private static String part(Map<String, ?> members) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(Service.json(members).getBytes(StandardCharsets.UTF_8));
  }

  /** The header of a key's JWTs. */
  static Map<String, Object> header(SigningKey key) {
    return Map.of("alg", key.algorithm().jwsName(), "kid", key.kid(), "typ", "JWT");
  }

  /** Claims with others in the place of some; null takes one away. */
  static Map<String, Object> with(Map<String, Object> claims, Object... changes) {
    Map<String, Object> changed = new HashMap<>(claims);
    for (int i = 0; i < changes.length; i += 2) {
      if (changes[i + 1] == null) {
        changed.remove((String) changes[i]);
      } else {
        changed.put((String) changes[i], changes[i + 1]);
      }
    }
    return changed;
  }

  /** All but the nulls. */
  static List<String> list(String... values) {
    return new ArrayList<>(List.of(values));
  }
}
