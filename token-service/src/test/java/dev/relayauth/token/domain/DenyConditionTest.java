package dev.relayauth.token.domain;

import static dev.relayauth.token.domain.Agents.active;
import static dev.relayauth.token.domain.Agents.chain;
import static org.assertj.core.api.Assertions.assertThat;

import dev.relayauth.common.event.OrganizationSettings;
import dev.relayauth.common.scope.ScopeSet;
import dev.relayauth.token.domain.issuing.Credential;
import dev.relayauth.token.domain.issuing.DenyCondition;
import dev.relayauth.token.domain.issuing.DenyRule;
import dev.relayauth.token.domain.issuing.IssueRequest;
import dev.relayauth.token.domain.issuing.Outcome;
import dev.relayauth.token.domain.issuing.TokenIssuer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The clock stands at a Tuesday, 12:00 UTC; the agent is the second of its chain in ws_prod. */
class DenyConditionTest {
  private final Bench bench = new Bench();

  private boolean refuses(DenyCondition... conditions) {
    bench.denials.clear();
    bench.denials.add(
        new DenyRule(
            "pol_1", ScopeSet.of(List.of("a:*:*")), null, null, Arrays.asList(conditions)));
    Outcome<?> outcome =
        bench.issuer.issue(
            new IssueRequest(
                Optional.of(ScopeSet.of(List.of("a:b:read"))),
                List.of(),
                Optional.empty(),
                Optional.empty()),
            new TokenIssuer.Basis(
                chain(active("agent_p", "*"), active("agent_c", "a:b:*")),
                new Credential(ScopeSet.of(List.of("*")), List.of("ak_1")),
                OrganizationSettings.DEFAULTS,
                bench.signer,
                7,
                Optional.of("10.1.2.3")));
    return outcome instanceof Outcome.Refused<?>;
  }

  @ParameterizedTest
  @CsvSource({
    "time, eq, tue, true",
    "time, in, mon|tue, true",
    "time, not_in, mon|tue, false",
    "time, neq, mon, true",
    "time, in, 09:00-17:00|sat, true",
    "time, not_in, 09:00-17:00, false",
    "time, not_in, 14:00-17:00 Europe/Berlin, true",
    "time, in, 13:00-14:00 Europe/Berlin, true",
    "time, gt, 12:59 Europe/Berlin, true",
    "time, not_in, 09:00-17:00|nowhere, false",
    "time, gt, 11:59, true",
    "time, gt, 12:00, false",
    "time, lt, 12:01, true",
    "time, lt, 2026-11-24T12:00:01Z, true",
    "time, gt, 2027-01-01T00:00:00Z, false",
    "ip, eq, 10.1.2.3, true",
    "ip, in, 10.0.0.0/8, true",
    "ip, neq, 10.0.0.0/8, false",
    "ip, eq, 10.1.2.4, false",
    "ip, eq, 2001:db8::/32, false",
    "identity, eq, agent_c, true",
    "identity, eq, agent_p, true",
    "identity, matches, agent_*, true",
    "identity, matches, agent_?, true",
    "identity, matches, *_p, true",
    "identity, neq, agent_p, true",
    "identity, eq, agent_x, false",
    "identity, eq, user_jane, false",
    "workspace, eq, ws_prod, true",
    "workspace, neq, ws_prod, false",
    "sponsor, in, agent_p|user_x, true",
    "sponsor, eq, agent_c, false",
    "depth, gt, 1, true",
    "depth, eq, 2, true",
    "depth, lt, 2, false",
  })
  void refusesWhatSurelyIsDenied(String type, String operator, String values, boolean refused) {
    assertThat(
            refuses(
                new DenyCondition(type, operator, List.copyOf(Arrays.asList(values.split("\\|"))))))
        .isEqualTo(refused);
  }

  @Test
  void leavesOpenWhatOnlyALaterRequestCanTell() {
    DenyCondition later = new DenyCondition("attribute", "eq", List.of("high"));

    assertThat(refuses(later)).isFalse();
    assertThat(refuses(new DenyCondition("token_age", "lt", List.of(60)))).isFalse();
    assertThat(refuses(new DenyCondition("depth", "gt", List.of("x")))).isFalse();
    assertThat(refuses(new DenyCondition("identity", "eq", List.of("agent_c")), later)).isFalse();
    assertThat(
            refuses(
                new DenyCondition("identity", "eq", List.of("agent_c")),
                new DenyCondition("depth", "gt", List.of(1))))
        .isTrue();
  }
}
