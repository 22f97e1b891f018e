package dev.relayauth.policy.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.relayauth.common.audit.AuditEmitter;
import dev.relayauth.common.event.EntityKind;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.event.OrganizationSettings;
import dev.relayauth.common.event.OrganizationSettings.AuditMode;
import dev.relayauth.common.event.OrganizationState;
import dev.relayauth.common.event.Topics;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.json.Json;
import dev.relayauth.testing.LocalServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What an organisation that chose {@code auditMode: strict} waits for, and no other. */
@QuarkusTest
@QuarkusTestResource(
    value = LocalServers.class,
    initArgs = @ResourceArg(name = "service", value = "policy"))
class StrictAuditTest extends PolicyServiceTest {
  private static final String SCOPE = "stripe:orders:read";
  private static final int OTHERS = 20;

  @Inject AuditEmitter emitter;

  @Test
  void onlyAStrictOrganisationsPermitWaitsForTheBroker() throws Exception {
    IdentityState strict = world.agent(org, SCOPE);
    choose(AuditMode.strict);
    String otherOrg = world.id(IdPrefix.ORGANIZATION);
    String otherAdmin = world.apiKey(otherOrg, "*");
    IdentityState other = world.agent(otherOrg, SCOPE);
    assertThat(permit(admin, strict).<Boolean>path("allowed")).isTrue();
    assertThat(permit(otherAdmin, other).<Boolean>path("allowed")).isTrue();

    CompletableFuture<Response> waiting;
    signalKafka("STOP");
    try {
      waiting = CompletableFuture.supplyAsync(() -> permit(admin, strict));
      for (int i = 0; i < OTHERS; i++) {
        assertThat(permit(otherAdmin, other).<Boolean>path("allowed")).isTrue();
      }
      assertThat(waiting).isNotDone();
    } finally {
      signalKafka("CONT");
    }

    assertThat(waiting.get().<Boolean>path("allowed")).isTrue();
  }

  @Test
  void anOrganisationThatChoosesOtherwiseWaitsNoMore() {
    choose(AuditMode.strict);
    choose(AuditMode.buffered);

    await().until(() -> !emitter.isStrict(org));
  }

  private Response permit(String key, IdentityState agent) {
    return as(key).body(Map.of("identityId", agent.id(), "scope", SCOPE)).post("/v1/authorize");
  }

  private void choose(AuditMode mode) {
    OrganizationState state =
        new OrganizationState(
            org,
            "one",
            null,
            "EdDSA",
            new OrganizationSettings(null, null, null, null, mode, null, null, null),
            Instant.now(),
            Instant.now(),
            world.sequence());
    world.publish(
        Topics.IDENTITY,
        EntityKind.ORGANIZATION.key(org, org),
        "organization",
        org,
        state.revision(),
        Json.write(state));
    await().until(() -> emitter.isStrict(org) == (mode == AuditMode.strict));
  }

  /** To the broker of this test run, a child of this process. */
  private static void signalKafka(String signal) throws IOException, InterruptedException {
    long pid =
        ProcessHandle.current()
            .children()
            .filter(child -> child.info().commandLine().orElse("").contains(".jar kafka "))
            .findFirst()
            .orElseThrow()
            .pid();
    int status = new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).start().waitFor();
    assertThat(status).isZero();
  }
}
