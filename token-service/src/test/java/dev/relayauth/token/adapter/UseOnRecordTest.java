package dev.relayauth.token.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.relayauth.common.event.AuditRecord;
import dev.relayauth.common.event.AuditRecord.Result;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.testing.LocalServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each use of a credential leaves one record, also when nothing came of it. */
@QuarkusTest
@QuarkusTestResource(
    value = LocalServers.class,
    initArgs = @ResourceArg(name = "service", value = "token"))
@QuarkusTestResource(OutsideIssuer.class)
class UseOnRecordTest {
  private Service service;

  @BeforeEach
  void ready() {
    service = Service.ready();
  }

  private AuditRecord await(String action, String route) {
    return AuditTopic.await(
            entry ->
                entry.record().orgId().equals(service.org)
                    && entry.record().action().equals(action)
                    && route.equals(entry.record().metadata().get("route")))
        .record();
  }

  @Test
  void namesTheScopeOfARefusedIssue() {
    IdentityState agent = service.world.agent(service.org, "a:b:*");
    String narrow = service.apiKey("relayauth:token:create", "a:b:read");

    service
        .issue(narrow, Map.of("identityId", agent.id(), "scopes", List.of("a:b:write")))
        .statusCode(403);

    AuditRecord denied = await("scope.denied", "POST /v1/tokens");
    assertThat(denied.result()).isEqualTo(Result.denied);
    assertThat(denied.metadata())
        .containsEntry("scope", "a:b:write")
        .containsEntry("reason", "insufficient_scope")
        .containsKey("apiKeyId");
  }

  @Test
  void saysWhyASuspendedIdentityGotNone() {
    IdentityState agent =
        service.change(
            service.world.agent(service.org, "a:b:c"),
            IdentityState.Status.suspended,
            false,
            "a:b:c");

    Awaitility.await().untilAsserted(() -> service.issue(agent).statusCode(403));

    AuditRecord denied = await("token.validated", "POST /v1/tokens");
    assertThat(denied.result()).isEqualTo(Result.denied);
    assertThat(denied.metadata()).containsEntry("reason", "identity_suspended");
  }

  @Test
  void tellsOfTheUseBehindAMalformedRequest() {
    service.as(service.admin).body("{}").post("/v1/tokens/workspace-path").then().statusCode(400);

    assertThat(await("token.validated", "POST /v1/tokens/workspace-path").result())
        .isEqualTo(Result.allowed);
  }

  @Test
  void leavesNoSecondRecordOfAnIssue() {
    IdentityState agent = service.world.agent(service.org, "a:b:c");
    service.issue(agent).statusCode(201);
    service.as(service.admin).body("{}").post("/v1/tokens/workspace-path").then().statusCode(400);

    AuditRecord first =
        AuditTopic.await(
                entry ->
                    entry.record().orgId().equals(service.org)
                        && entry.record().action().equals("token.validated"))
            .record();

    assertThat(first.metadata()).containsEntry("route", "POST /v1/tokens/workspace-path");
  }

  @Test
  void saysWhatTheTokenEndpointRefusedAClient() {
    IdentityState agent = service.world.agent(service.org, "a:b:*");
    String secret = OAuth.secret(agent, "a:b:read").key();

    OAuth.clientCredentials(agent, secret, "a:b:write").statusCode(400);

    AuditRecord denied = await("scope.denied", "POST /oauth/token");
    assertThat(denied.result()).isEqualTo(Result.denied);
    assertThat(denied.identityId()).isEqualTo(agent.id());
    assertThat(denied.sponsorId()).isEqualTo("user_jane");
    assertThat(denied.metadata())
        .containsEntry("scope", "a:b:write")
        .containsEntry("actorId", agent.id());
  }
}
