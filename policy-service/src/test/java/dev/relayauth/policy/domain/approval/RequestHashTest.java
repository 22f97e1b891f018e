package dev.relayauth.policy.domain.approval;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RequestHashTest {
  private static String hash(Map<String, ?> context) {
    return RequestHash.of("org_a", "agent_a", "bank:transfers:create", context);
  }

  @Test
  void leavesOutWhereAndWhenTheRequestIsMade() {
    assertThat(hash(Map.of("amount", 5, "ip", "10.0.0.1", "time", "2026-01-01T00:00:00Z")))
        .isEqualTo(hash(Map.of("amount", 5)));
  }

  @Test
  void ignoresTheOrderOfMembersAndTheSpellingOfNumbers() {
    Map<String, Object> one = new LinkedHashMap<>();
    one.put("a", 1);
    one.put("b", new BigDecimal("2.50"));
    Map<String, Object> other = new LinkedHashMap<>();
    other.put("b", 2.5);
    other.put("a", new BigDecimal("1.0"));
    assertThat(hash(one)).isEqualTo(hash(other));
  }

  @Test
  void differsByAgentScopeOrganisationAndValue() {
    assertThat(
            List.of(
                hash(Map.of("to", "x")),
                hash(Map.of("to", "y")),
                hash(Map.of("to", List.of("x"))),
                hash(Map.of("to", Map.of("x", "y"))),
                hash(Map.of("to", true)),
                hash(Map.of("to", "true")),
                hash(Map.of("to", "1")),
                hash(Map.of("to", 1)),
                hash(Map.of()),
                RequestHash.of("org_b", "agent_a", "bank:transfers:create", Map.of("to", "x")),
                RequestHash.of("org_a", "agent_b", "bank:transfers:create", Map.of("to", "x")),
                RequestHash.of("org_a", "agent_a", "bank:transfers:read", Map.of("to", "x"))))
        .doesNotHaveDuplicates();
  }

  @Test
  void noValueCanPretendToBeTwoMembers() {
    assertThat(hash(Map.of("a", "xs1:bs1:y"))).isNotEqualTo(hash(Map.of("a", "x", "b", "y")));
    assertThat(hash(Map.of("a", Map.of("ip", "10.0.0.1"))))
        .isNotEqualTo(hash(Map.of("a", Map.of("ip", "10.0.0.2"))));
  }
}
