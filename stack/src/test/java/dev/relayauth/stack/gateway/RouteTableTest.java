package dev.relayauth.stack.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.relayauth.stack.ServiceName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouteTableTest {
  private final RouteTable routes = RouteTable.ofTheContract();

  @ParameterizedTest
  @CsvSource({
    "/v1/organizations, identity",
    "/v1/organizations/org_acme, identity",
    "/v1/workspaces, identity",
    "/v1/sponsors/user_jane, identity",
    "/v1/identities, identity",
    "/v1/identities/, identity",
    "/v1/identities/agent_1, identity",
    "/v1/identities/agent_1/suspend, identity",
    "/v1/identities/agent_1/sub-agents, identity",
    "/v1/api-keys/ak_1/revoke, identity",
    "/v1/identities:batch, identity",
    "/v1/config:plan, identity",
    "/openapi.yaml, identity",
    "/relayauth.v1.Authorization/Check, policy",
    "/asyncapi.yaml, identity",
    "/schemas/audit.v1.json, identity",
    "/v1/policies:simulate, policy",
    "/v1/policies%3Asimulate, policy",
    "/v1/identities%3abatch, identity",
    "/v1/decisions/dec_1:replay, policy",
    "/v1/approvals/apr_1/approve, policy",
    "/ssf/v1/streams, revocation",
    "/v1/identities/agent_1/activity, audit",
    "/v1/sessions/sess_1/timeline, audit",
    "/v1/sessions/sess_1, token",
    "/v1/identities/agent_1/budget, policy",
    "/v1/identities/agent_1/roles, policy",
    "/v1/identities/agent_1/roles/role_1, policy",
    "/v1/tokens, token",
    "/v1/tokens/refresh, token",
    "/v1/tokens/introspect, token",
    "/v1/tokens/workspace-path, token",
    "/v1/tokens/revoke, revocation",
    "/v1/tokens/revocation, revocation",
    "/v1/revocations, revocation",
    "/v1/revocations/stream, revocation",
    "/v1/revocations/status-list/3, revocation",
    "/.well-known/jwks.json, token",
    "/.well-known/openid-configuration, token",
    "/.well-known/authzen-configuration, policy",
    "/oauth/token, token",
    "/v1/keys/rotate, token",
    "/v1/roles/role_1, policy",
    "/v1/policies/evaluate, policy",
    "/v1/authorize, policy",
    "/v1/authorize/batch, policy",
    "/v1/scopes/templates, policy",
    "/v1/search/identities, policy",
    "/v1/ext-authz/orders/1, policy",
    "/access/v1/search/subject, policy",
    "/v1/budgets/agent_1/reservations/res_1/commit, policy",
    "/v1/audit, audit",
    "/v1/audit/webhooks/1, audit",
    "/v1/observer/events, audit",
    "/v1/stats, audit",
    "/console, audit",
    "/console/app.js, audit"
  })
  void leadsEachPathToItsOwner(String path, String owner) {
    assertThat(routes.ownerOf(path)).contains(ServiceName.of(owner));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/v1",
        "/v2/identities",
        "/v1/identitiesx",
        "/v1/tokensrevoke",
        "/internal/v1/probes",
        "/q/metrics",
        "/q/health",
        "/access",
        "/consoles",
        "/v1/"
      })
  void exposesNothingElse(String path) {
    assertThat(routes.ownerOf(path)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/identities/../../internal/v1/probes",
        "/v1/identities/%2e%2E/%2e%2e/internal/v1/probes",
        "/v1/identities/..%2f..%2Finternal",
        "/v1/identities/./x",
        "/v1/identities/..",
        "/v1//internal",
        "/v1/identities/..\\internal",
        "/v1/identities/..%5cinternal",
        "internal",
        ""
      })
  void refusesPathsThatServersReadDifferently(String path) {
    assertThat(Paths.isPlain(path)).isFalse();
  }

  @Test
  void takesOrdinaryEncodedPaths() {
    assertThat(Paths.isPlain("/v1/identities/a%20b/..x/x..")).isTrue();
  }
}
