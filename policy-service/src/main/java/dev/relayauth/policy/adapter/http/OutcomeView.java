package dev.relayauth.policy.adapter.http;

import dev.relayauth.policy.domain.replay.RecordedDecision.Outcome;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What came out of a decision, in the words of its answer. */
record OutcomeView(boolean allowed, String decision, String reason, Map<String, String> matched) {
  static OutcomeView of(Outcome outcome) {
    Map<String, String> matched = new LinkedHashMap<>();
    put(matched, "grant", outcome.grant());
    put(matched, "role", outcome.role());
    put(matched, "policy", outcome.policy());
    return new OutcomeView(
        outcome.allowed(), outcome.allowed() ? "allow" : "deny", outcome.reason(), matched);
  }

  private static void put(Map<String, String> matched, String name, @Nullable String value) {
    if (value != null) {
      matched.put(name, value);
    }
  }
}
