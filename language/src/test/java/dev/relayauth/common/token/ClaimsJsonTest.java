package dev.relayauth.common.token;

import static java.util.Collections.nCopies;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClaimsJsonTest {
  private static Claims full() {
    return TokenFixture.claims()
        .wks("ws_prod")
        .act(
            new Actor(
                "agent_2", List.of("user_joe", "agent_2"), new Actor("agent_3", List.of(), null)))
        .parentTokenId("tok_0")
        .lineage(List.of("tok_0", "ak_1"))
        .budget(new TokenBudget(10L, new BigDecimal("12.50"), new BigDecimal("3")))
        .meta(Map.of("team", "billing \"é\u2028"))
        .jkt("thumb")
        .tokenClass("path")
        .status(new StatusReference("https://a.example/v1/revocations/status-list/3", 413))
        .build();
  }

  @Test
  void readsBackWhatItWrote() {
    assertThat(ClaimsJson.read(ClaimsJson.write(full()))).isEqualTo(full());
    Claims small = TokenFixture.claims().scopes(List.of()).build();
    assertThat(ClaimsJson.read(ClaimsJson.write(small))).isEqualTo(small);
  }

  @Test
  void readsAsLongALineageAsIsIssuedAndNoLonger() {
    Claims longest = full().toBuilder().lineage(nCopies(Claims.MAX_LINEAGE, "tok_0")).build();
    assertThat(ClaimsJson.read(ClaimsJson.write(longest))).isEqualTo(longest);
    String longer =
        ClaimsJson.write(
            full().toBuilder().lineage(nCopies(Claims.MAX_LINEAGE + 1, "tok_0")).build());
    assertThatThrownBy(() -> ClaimsJson.read(longer)).isInstanceOf(InvalidClaimsException.class);
  }

  @Test
  void writesTheNamesOfTheContract() {
    assertThat(ClaimsJson.write(full()))
        .contains(
            "\"client_id\":\"ak_1\"",
            "\"scope\":\"stripe:orders:read relaycast:channel:write:#billing\"",
            "\"scopes\":[\"stripe:orders:read\",\"relaycast:channel:write:#billing\"]",
            "\"token_type\":\"access\"",
            "\"act\":{\"sub\":\"agent_2\",\"sponsorChain\":[\"user_joe\",\"agent_2\"],\"act\":{\"sub\":\"agent_3\"}}",
            "\"parentTokenId\":\"tok_0\"",
            "\"budget\":{\"maxActionsPerHour\":10,\"maxCostPerDay\":12.50,\"remaining\":3}",
            "\"cnf\":{\"jkt\":\"thumb\"}",
            "\"status\":{\"status_list\":{\"idx\":413,\"uri\":\"https://a.example/v1/revocations/status-list/3\"}}");
  }

  @Test
  void leavesAbsentClaimsOut() {
    assertThat(ClaimsJson.write(TokenFixture.claims().build()))
        .doesNotContain(
            "null", "wks", "act\"", "parentTokenId", "lineage", "budget", "meta", "cnf", "status");
  }

  @Test
  void passesOverMembersItDoesNotKnow() {
    String json = ClaimsJson.write(full());
    assertThat(ClaimsJson.read(json.replaceFirst("\\{", "{\"new\":{\"a\":[1,{\"b\":null}]},")))
        .isEqualTo(full());
  }

  @Test
  void refusesWithoutQuotingThePayload() {
    assertThatThrownBy(() -> ClaimsJson.read("{\"sub\":\"s3cret\",\"exp\":\"s3cret\"}"))
        .isInstanceOf(InvalidClaimsException.class)
        .hasMessageNotContaining("s3cret");
  }
}
