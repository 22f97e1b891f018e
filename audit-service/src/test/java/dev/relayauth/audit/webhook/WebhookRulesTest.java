package dev.relayauth.audit.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.relayauth.audit.domain.webhook.EventNames;
import dev.relayauth.audit.domain.webhook.RetryRule;
import dev.relayauth.audit.domain.webhook.Webhook.Status;
import dev.relayauth.audit.domain.webhook.WebhookSecret;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookRulesTest {
  private static final RetryRule RULE =
      new RetryRule(Duration.ofSeconds(5), Duration.ofHours(8), 10, 5, 20, Duration.ofHours(24));

  /** The example of the Standard Webhooks specification's reference libraries. */
  @Test
  void theSignatureIsThatOfTheStandardsReferenceLibraries() {
    WebhookSecret secret = WebhookSecret.of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");

    assertThat(secret.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, "{\"test\": 2432232314}"))
        .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    assertThat(secret).hasToString("WebhookSecret[redacted]");
  }

  @Test
  void waitsGrowAndEnd() {
    Random random = new Random(1);
    for (int attempt = 1; attempt < 10; attempt++) {
      Duration whole = Duration.ofSeconds((long) Math.min(8 * 3600, 5 * Math.pow(4, attempt - 1)));
      assertThat(RULE.wait(attempt, random).orElseThrow())
          .isBetween(whole.dividedBy(2).minusMillis(1), whole);
    }
    assertThat(RULE.wait(10, random)).isEmpty();
  }

  @Test
  void aWebhookIsDegradedThenDisabledAndGoneAtOnce() {
    Instant now = Instant.parse("2026-01-02T00:00:00Z");
    Instant longAgo = now.minus(Duration.ofHours(24));

    assertThat(RULE.afterFailure(4, now, now, 500)).isEqualTo(Status.active);
    assertThat(RULE.afterFailure(5, now, now, 500)).isEqualTo(Status.degraded);
    assertThat(RULE.afterFailure(99, now, now, null)).isEqualTo(Status.degraded);
    assertThat(RULE.afterFailure(20, longAgo, now, null)).isEqualTo(Status.disabled);
    assertThat(RULE.afterFailure(1, now, now, 410)).isEqualTo(Status.disabled);
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "token.*", "token.issued", "approval.requested", "sponsor.*"})
  void eventsOfOursAreKnown(String event) {
    assertThat(EventNames.isKnown(event)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "token", "token.", "token.made", "nope.*", "**", "sponsor.X", "a.b.c"})
  void othersAreNot(String event) {
    assertThat(EventNames.isKnown(event)).isFalse();
  }

  @Test
  void aFamilyIsMatchedByItsNameAndDot() {
    assertThat(EventNames.match(List.of("key.*"), "key.rotated")).isTrue();
    assertThat(EventNames.match(List.of("key.*"), "api_key.created")).isFalse();
  }
}
