package dev.relayauth.token.adapter.http;

import dev.relayauth.common.config.RelayAuthConfig;
import dev.relayauth.common.json.Json;
import dev.relayauth.common.token.SigningAlgorithm;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The document {@code agent-configuration}. Names only what answers. */
@Singleton
final class AgentConfiguration {
  private final String issuer;
  private final String json;

  AgentConfiguration(RelayAuthConfig config) {
    this.issuer = config.issuer();
    this.json = new String(Json.write(document()), StandardCharsets.UTF_8);
  }

  String json() {
    return json;
  }

  private Map<String, Object> document() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("schema_version", "1.0");
    document.put("issuer", issuer);
    document.put("jwks_uri", issuer + "/.well-known/jwks.json");
    document.put("token_endpoint", issuer + "/oauth/token");
    document.put("identity_endpoint", issuer + "/v1/identities");
    document.put(
        "grant_types_supported",
        List.of(
            "client_credentials",
            "refresh_token",
            "urn:ietf:params:oauth:grant-type:jwt-bearer",
            "urn:ietf:params:oauth:grant-type:token-exchange"));
    document.put("oauth_authorization_server", issuer + "/.well-known/oauth-authorization-server");
    document.put("token_signing_alg_values_supported", SigningAlgorithm.jwsNames());
    document.put("scope_format", "plane:resource:action[:path]");
    document.put("scope_definitions", scopes());
    document.put("sponsor_required", true);
    document.put(
        "scope_delegation", Map.of("mode", "attenuation", "max_depth", 10, "escalation", "denied"));
    document.put(
        "budgets", List.of("maxActionsPerHour", "maxCostPerDay", "alertThreshold", "autoSuspend"));
    document.put("token_lifetimes", lifetimes());
    document.put("endpoints", endpoints());
    return document;
  }

  private static Map<String, String> scopes() {
    Map<String, String> scopes = new LinkedHashMap<>();
    scopes.put("relayauth:identity:read", "read identities");
    scopes.put("relayauth:identity:manage", "create and change identities");
    scopes.put("relayauth:token:create", "issue tokens");
    scopes.put("relayauth:token:read", "introspect and validate tokens");
    scopes.put("relayauth:token:manage", "revoke tokens");
    scopes.put("relayauth:scope:read", "ask for decisions");
    scopes.put("relayauth:policy:manage", "create and change policies");
    scopes.put("relayauth:audit:read", "read the audit log");
    return scopes;
  }

  private static Map<String, Object> lifetimes() {
    return Map.of(
        "access_token",
        Map.of("default_seconds", 3_600, "min_seconds", 60, "max_seconds", 86_400),
        "refresh_token",
        Map.of("default_seconds", 86_400, "max_seconds", 2_592_000));
  }

  private Map<String, Object> endpoints() {
    Map<String, Object> endpoints = new LinkedHashMap<>();
    put(endpoints, "jwks", "/.well-known/jwks.json", "GET");
    put(endpoints, "identities", "/v1/identities", "GET", "POST");
    put(endpoints, "tokens", "/v1/tokens", "POST");
    put(endpoints, "refresh", "/v1/tokens/refresh", "POST");
    put(endpoints, "introspect", "/v1/tokens/introspect", "GET", "POST");
    put(endpoints, "validate", "/v1/tokens/validate", "POST");
    put(endpoints, "oauth_token", "/oauth/token", "POST");
    put(endpoints, "oauth_introspect", "/oauth/introspect", "POST");
    put(endpoints, "oauth_revoke", "/oauth/revoke", "POST");
    put(endpoints, "revoke", "/v1/tokens/revoke", "POST");
    put(endpoints, "authorize", "/v1/authorize", "POST");
    put(endpoints, "audit", "/v1/audit", "GET");
    return endpoints;
  }

  private void put(Map<String, Object> endpoints, String name, String path, String... methods) {
    endpoints.put(name, Map.of("url", issuer + path, "methods", List.of(methods)));
  }
}
