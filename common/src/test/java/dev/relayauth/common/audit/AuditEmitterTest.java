package dev.relayauth.common.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.relayauth.common.config.RelayAuthConfig;
import dev.relayauth.common.event.AuditRecord;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The emitter while there is no broker. */
final class AuditEmitterTest {
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private final AuditEmitter emitter =
      new AuditEmitter(
          config(),
          Map.of("bootstrap.servers", "127.0.0.1:1"),
          new StrictOrganizations(),
          InstantSource.system(),
          metrics);

  @AfterEach
  void stop() {
    emitter.stop(new ShutdownEvent());
  }

  @Test
  void takesNothingThatNobodyHasRoomFor() {
    assertThat(emitter.offer(ofOrganization("org_acme"), null)).isFalse();
    assertThat(emitter.send(ofOrganization("org_acme"), null)).isCompletedExceptionally();

    assertThat(metrics.counter("relayauth.audit.refused").count()).isEqualTo(2);
    assertThat(metrics.counter("relayauth.audit.lost").count()).isZero();
  }

  @Test
  void isStrictForTheOrganisationsThatWantItAndNoOther() {
    assertThat(emitter.isStrict("org_bank")).isTrue();
    assertThat(emitter.isStrict("org_acme")).isFalse();
  }

  static RelayAuthConfig config() {
    return new SmallRyeConfigBuilder()
        .withMapping(RelayAuthConfig.class)
        .withDefaultValues(
            Map.ofEntries(
                Map.entry("relayauth.service", "policy"),
                Map.entry("relayauth.node", "policy-1"),
                Map.entry("relayauth.issuer", "https://auth.test"),
                Map.entry("relayauth.revision-key", "unused"),
                Map.entry("relayauth.internal.private-key-file", "unused"),
                Map.entry("relayauth.internal.trusted-keys-file", "unused"),
                // The defaults, which only Quarkus can read.
                Map.entry("relayauth.internal.timeout", "PT2S"),
                Map.entry("relayauth.freshness.bound", "PT1S"),
                Map.entry("relayauth.freshness.probe-every", "PT0.25S"),
                Map.entry("relayauth.freshness.wait-for-revision", "PT1S"),
                Map.entry("relayauth.outbox.linger", "PT0S"),
                Map.entry("relayauth.audit.strict-organizations", "org_bank,org_clinic")))
        .build()
        .getConfigMapping(RelayAuthConfig.class);
  }

  private static AuditRecord ofOrganization(String org) {
    return new AuditRecord(
        "aud_1",
        "scope.checked",
        null,
        org,
        null,
        null,
        null,
        AuditRecord.Result.allowed,
        null,
        List.of(),
        Map.of(),
        null,
        null,
        null,
        null,
        null,
        Instant.EPOCH);
  }
}
