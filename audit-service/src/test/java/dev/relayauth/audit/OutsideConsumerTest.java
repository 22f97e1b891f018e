package dev.relayauth.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.networknt.schema.InputFormat;
import dev.relayauth.audit.sample.AuditTail;
import dev.relayauth.common.event.AuditRecord;
import dev.relayauth.common.event.AuditRecord.Result;
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
class OutsideConsumerTest {
  private final Fixture fixture = new Fixture();

  @Test
  void aConsumerOfSomebodyElseReadsWhatTheDocumentsSay() {
    AuditRecord entry = fixture.logged(fixture.entry("role.created", Result.allowed, "agent_a"));
    fixture.auditor().get("/v1/stats").then().statusCode(200);
    List<AuditTail.Event> mine = new ArrayList<>();

    try (AuditTail tail = new AuditTail(fixture.world.bootstrap(), "siem-" + fixture.org)) {
      await()
          .until(
              () -> {
                tail.poll(event -> keepMine(mine, event));
                return mine.size() >= 2;
              });
    }

    assertThat(mine).anyMatch(event -> event.json().contains(entry.id()));
    assertThat(mine)
        .allSatisfy(
            event ->
                assertThat(EventDocuments.schema("audit").validate(event.json(), InputFormat.JSON))
                    .isEmpty());
  }

  private void keepMine(List<AuditTail.Event> mine, AuditTail.Event event) {
    if (event.org().equals(fixture.org)) {
      mine.add(event);
    }
  }
}
