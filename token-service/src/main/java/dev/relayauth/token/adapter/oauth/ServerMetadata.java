package dev.relayauth.token.adapter.oauth;

import dev.relayauth.common.config.RelayAuthConfig;
import dev.relayauth.common.json.Json;
import dev.relayauth.common.token.SigningAlgorithm;
import io.quarkus.arc.All;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What clients are told of the authorization server and of our own API as a resource. Names only
 * what answers: there is no authorization endpoint, so no response type, no PKCE and no code.
 */
@Singleton
final class ServerMetadata {
  private static final List<String> SCOPES =
      List.of(
          "relayauth:identity:read",
          "relayauth:identity:manage",
          "relayauth:token:create",
          "relayauth:token:read",
          "relayauth:token:manage",
          "relayauth:scope:read",
          "relayauth:policy:manage",
          "relayauth:audit:read");
  private static final List<String> CLIENT_AUTHENTICATION =
      List.of("client_secret_basic", "client_secret_post", "private_key_jwt");

  private final String issuer;
  private final String server;
  private final String openId;
  private final String resource;

  ServerMetadata(RelayAuthConfig config, @All List<Grant> grants) {
    this.issuer = config.issuer();
    List<String> types = grants.stream().map(Grant::type).sorted().toList();
    this.server = json(server(types));
    this.openId = json(openId(types));
    this.resource = json(ownApi());
  }

  /** The authorization server (RFC 8414 §2). */
  String server() {
    return server;
  }

  /** The same for verifiers that look for it as OpenID Connect clients do. */
  String openId() {
    return openId;
  }

  /** Our own API (RFC 9728 §2). */
  String resource() {
    return resource;
  }

  private Map<String, Object> server(List<String> grants) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("issuer", issuer);
    document.put("token_endpoint", issuer + "/oauth/token");
    document.put("introspection_endpoint", issuer + "/oauth/introspect");
    document.put("revocation_endpoint", issuer + "/oauth/revoke");
    document.put("jwks_uri", issuer + "/.well-known/jwks.json");
    document.put("grant_types_supported", grants);
    // RFC 8414 §2 requires the member; without an authorization endpoint there is none.
    document.put("response_types_supported", List.of());
    document.put("scopes_supported", SCOPES);
    List<String> toToken = new ArrayList<>(CLIENT_AUTHENTICATION);
    toToken.add("none");
    document.put("token_endpoint_auth_methods_supported", toToken);
    document.put("token_endpoint_auth_signing_alg_values_supported", SigningAlgorithm.jwsNames());
    document.put("introspection_endpoint_auth_methods_supported", CLIENT_AUTHENTICATION);
    document.put(
        "introspection_endpoint_auth_signing_alg_values_supported", SigningAlgorithm.jwsNames());
    document.put("revocation_endpoint_auth_methods_supported", CLIENT_AUTHENTICATION);
    document.put(
        "revocation_endpoint_auth_signing_alg_values_supported", SigningAlgorithm.jwsNames());
    document.put("dpop_signing_alg_values_supported", SigningAlgorithm.jwsNames());
    document.put("protected_resources", List.of(issuer));
    return document;
  }

  /**
   * What those need beside who verify tokens of ours and look for the issuer's keys as OpenID
   * Connect Discovery §3 has it: such as the API server of Kubernetes. They take the algorithms of
   * its JWTs from the member that names them for ID tokens, and without it RS256 alone.
   */
  private Map<String, Object> openId(List<String> grants) {
    Map<String, Object> document = server(grants);
    document.put("subject_types_supported", List.of("public"));
    document.put("id_token_signing_alg_values_supported", SigningAlgorithm.jwsNames());
    return document;
  }

  private Map<String, Object> ownApi() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("resource", issuer);
    document.put("resource_name", "RelayAuth");
    document.put("authorization_servers", List.of(issuer));
    document.put("jwks_uri", issuer + "/.well-known/jwks.json");
    document.put("scopes_supported", SCOPES);
    document.put("bearer_methods_supported", List.of("header"));
    document.put("dpop_signing_alg_values_supported", SigningAlgorithm.jwsNames());
    document.put("dpop_bound_access_tokens_required", false);
    return document;
  }

  private static String json(Map<String, Object> document) {
    return new String(Json.write(document), StandardCharsets.UTF_8);
  }
}
