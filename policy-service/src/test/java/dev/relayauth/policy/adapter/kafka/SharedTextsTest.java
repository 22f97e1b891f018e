package dev.relayauth.policy.adapter.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.json.Json;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SharedTextsTest {
  private final SharedTexts texts = new SharedTexts();

  @Test
  void saysWhatItWasGiven() {
    IdentityState read = read("agent_a");

    assertThat(texts.share(read)).isEqualTo(read);
  }

  @Test
  void twoIdentitiesShareWhatTheySayAlike() {
    IdentityState one = texts.share(read("agent_a"));
    IdentityState other = texts.share(read("agent_b"));

    assertThat(other.scopes()).isSameAs(one.scopes());
    assertThat(other.metadata()).isSameAs(one.metadata());
    assertThat(other.workspaceId()).isSameAs(one.workspaceId());
    assertThat(other.sponsorChain().getFirst()).isSameAs(one.sponsorChain().getFirst());
    assertThat(other.sponsorChain()).endsWith("agent_b");
  }

  /** Read anew each time, so that nothing is the same object yet. */
  private static IdentityState read(String id) {
    Map<String, Object> state =
        Map.ofEntries(
            Map.entry("orgId", "org_acme"),
            Map.entry("id", id),
            Map.entry("name", "bot"),
            Map.entry("type", "agent"),
            Map.entry("status", "active"),
            Map.entry("workspaceId", "ws_prod"),
            Map.entry("sponsorId", "user_jane"),
            Map.entry("sponsorChain", new String[] {"user_jane", id}),
            Map.entry("scopes", new String[] {"stripe:orders:read"}),
            Map.entry("roles", new String[] {"role_a"}),
            Map.entry("issuerScoped", false),
            Map.entry("metadata", Map.of("team", "billing")),
            Map.entry("createdAt", "2026-01-01T00:00:00Z"),
            Map.entry("updatedAt", "2026-01-01T00:00:00Z"),
            Map.entry("revision", 7));
    return Json.read(Json.write(state), IdentityState.class);
  }
}
