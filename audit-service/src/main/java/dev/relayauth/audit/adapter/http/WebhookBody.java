package dev.relayauth.audit.adapter.http;

import dev.relayauth.audit.domain.webhook.EventNames;
import dev.relayauth.common.http.Violations;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a client sends to have a webhook made; without events it wants them all. */
public record WebhookBody(
    @Nullable String url, @Nullable String secret, @Nullable List<@Nullable String> events) {
  private static final int MAX_SECRET = 256;
  private static final int MAX_EVENTS = 100;

  /** Throws a 400 when something is wrong with it, apart from where the URL leads. */
  void check() {
    Violations violations = new Violations();
    violations.check(url != null && !url.isBlank(), "/url", "is required");
    violations.optionalText(secret, "/secret", MAX_SECRET);
    violations.check(secret == null || !secret.isBlank(), "/secret", "is empty");
    violations.list(events, "/events", MAX_EVENTS);
    if (events != null) {
      violations.check(!events.isEmpty(), "/events", "is empty");
      for (int i = 0; i < events.size(); i++) {
        String event = events.get(i);
        violations.check(
            event == null || EventNames.isKnown(event), "/events/" + i, "is no event of ours");
      }
    }
    violations.throwIfAny();
  }

  /** What it wants to be told. */
  List<String> wanted() {
    return events == null
        ? List.of(EventNames.ALL)
        : events.stream().map(String::valueOf).distinct().toList();
  }
}
