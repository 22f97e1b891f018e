package dev.relayauth.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.relayauth.audit.sample.AuditTail;
import dev.relayauth.common.event.AuditRecord;
import dev.relayauth.common.event.AuditRecord.Result;
import dev.relayauth.common.json.Json;
import dev.relayauth.testing.LocalServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(
    value = LocalServers.class,
    initArgs = @ResourceArg(name = "service", value = "audit"))
class MirrorTest {
  /** The one that the test configuration mirrors. */
  private static final String ORG = "org_mirrored";

  private final Fixture fixture = new Fixture(ORG);
  private final Fixture other = new Fixture();

  @Test
  void anOrganisationsTopicHasItsRecordsOnceInTheirOrderAndNobodyElses() {
    List<AuditRecord> wanted = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      AuditRecord entry = fixture.entry("role.created", Result.allowed, "agent_" + i);
      wanted.add(entry);
      fixture.publish(entry);
      fixture.publish(entry);
      other.publish(other.entry("role.created", Result.allowed, "agent_" + i));
    }
    AuditRecord last = fixture.logged(fixture.entry("role.deleted", Result.allowed, "agent_x"));
    wanted.add(last);
    List<AuditTail.Event> seen = new ArrayList<>();

    String topic = "relayauth.audit." + ORG + ".v1";
    try (AuditTail tail = new AuditTail(fixture.world.bootstrap(), "auditor", topic)) {
      await()
          .until(
              () -> {
                tail.poll(seen::add);
                return seen.stream().anyMatch(event -> event.json().contains(last.id()));
              });
    }

    assertThat(seen).allMatch(event -> event.org().equals(ORG));
    List<String> ids = wanted.stream().map(AuditRecord::id).toList();
    assertThat(seen.stream().map(event -> read(event).id()).filter(ids::contains))
        .containsExactlyElementsOf(ids);
    assertThat(seen.stream().map(MirrorTest::read).filter(wanted::contains)).hasSize(wanted.size());
  }

  private static AuditRecord read(AuditTail.Event event) {
    return Json.read(
        event.json().getBytes(java.nio.charset.StandardCharsets.UTF_8), AuditRecord.class);
  }
}
