package dev.relayauth.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.InputFormat;
import dev.relayauth.common.event.AuditEpoch;
import dev.relayauth.common.event.AuditRecord;
import dev.relayauth.common.event.BudgetLimits;
import dev.relayauth.common.event.BudgetState;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.event.OrganizationSettings;
import dev.relayauth.common.event.OrganizationState;
import dev.relayauth.common.event.PolicyState;
import dev.relayauth.common.event.RevocationState;
import dev.relayauth.common.event.RoleState;
import dev.relayauth.common.event.SponsorState;
import dev.relayauth.common.event.Topics;
import dev.relayauth.common.event.WorkspaceState;
import dev.relayauth.common.json.Json;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class EventDocumentsTest {
  private static final Path DOCUMENT = Path.of("../docs/events/asyncapi.yaml");
  private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

  static Stream<Arguments> states() {
    return Stream.of(
        Arguments.of(
            "audit",
            new AuditRecord(
                "aud_1",
                "token.issued",
                "agent_1",
                "org_1",
                null,
                null,
                null,
                AuditRecord.Result.allowed,
                "user_1",
                List.of("user_1", "agent_1"),
                Map.of("actorId", "ak_1"),
                null,
                null,
                null,
                null,
                null,
                NOW)),
        Arguments.of(
            "audit-epoch",
            new AuditEpoch(
                "/relayauth/policy/policy-1/1769860800000", "policy", "policy-1", NOW, 7)),
        Arguments.of(
            "identity",
            new IdentityState(
                "org_1",
                "agent_1",
                "one",
                IdentityState.Type.agent,
                IdentityState.Status.active,
                "ws_1",
                "user_1",
                List.of("user_1", "agent_1"),
                List.of("stripe:orders:read"),
                List.of(),
                false,
                Map.of(),
                new BudgetLimits(10L, new BigDecimal("2.50"), null, true),
                null,
                null,
                null,
                NOW,
                NOW,
                7)),
        Arguments.of(
            "organization",
            new OrganizationState(
                "org_1", "one", null, "EdDSA", OrganizationSettings.DEFAULTS, NOW, NOW, 7)),
        Arguments.of("workspace", new WorkspaceState("org_1", "ws_1", "one", NOW, NOW, 7)),
        Arguments.of(
            "sponsor",
            new SponsorState(
                "org_1", "user_1", "one", null, SponsorState.Status.active, NOW, NOW, 7)),
        Arguments.of(
            "role",
            new RoleState(
                "org_1",
                "role_1",
                "reader",
                "Reads.",
                List.of("stripe:orders:read"),
                null,
                false,
                false,
                NOW,
                NOW,
                7)),
        Arguments.of(
            "policy",
            new PolicyState(
                "org_1",
                "pol_1",
                "not-at-night",
                null,
                PolicyState.Effect.deny,
                List.of("stripe:*:*"),
                List.of(new PolicyState.Condition("time", null, "lt", "06:00")),
                List.of(Map.of("type", "require_approval")),
                10,
                "ws_1",
                null,
                false,
                NOW,
                NOW,
                7)),
        Arguments.of(
            "budget",
            new BudgetState(
                "org_1",
                "workspace",
                "ws_1",
                new BudgetLimits(10L, new BigDecimal("2.50"), null, true),
                null,
                NOW,
                7)),
        Arguments.of(
            "revocation",
            new RevocationState(
                "rev_1", "org_1", "token", "tok_1", true, "lost", null, NOW, NOW, 7)));
  }

  @ParameterizedTest
  @MethodSource("states")
  void whatWePublishIsWhatTheSchemaSays(String schema, Object state) {
    String json = new String(Json.write(state), UTF_8);

    assertThat(EventDocuments.schema(schema).validate(json, InputFormat.JSON)).isEmpty();
  }

  @Test
  void aRecordThatLacksSomethingIsNotValid() {
    assertThat(
            EventDocuments.schema("audit")
                .validate("{\"id\":\"aud_1\",\"result\":\"maybe\"}", InputFormat.JSON))
        .isNotEmpty();
  }

  @Test
  void theDocumentNamesEveryTopicAndEveryReferenceLeadsSomewhere() throws IOException {
    JsonNode document = new YAMLMapper().readTree(Files.readString(DOCUMENT));
    List<String> references = new ArrayList<>();
    document.findValues("$ref").forEach(reference -> references.add(reference.asText()));

    assertThat(document.path("channels").findValuesAsText("address"))
        .containsExactlyInAnyOrder(
            Topics.IDENTITY,
            Topics.POLICY,
            Topics.REVOCATION,
            Topics.AUDIT,
            Topics.AUDIT_EPOCH,
            Topics.DEAD_LETTER);
    assertThat(references)
        .isNotEmpty()
        .allSatisfy(reference -> assertThat(leadsSomewhere(document, reference)).isTrue());
  }

  private static boolean leadsSomewhere(JsonNode document, String reference) {
    return reference.startsWith("#")
        ? !document.at(reference.substring(1)).isMissingNode()
        : Files.exists(DOCUMENT.resolveSibling(reference));
  }
}
