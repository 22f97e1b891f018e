package dev.relayauth.common.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.relayauth.common.event.CloudEvent;
import dev.relayauth.common.event.EntityKind;
import dev.relayauth.common.event.OrganizationSettings;
import dev.relayauth.common.event.OrganizationSettings.AuditMode;
import dev.relayauth.common.event.OrganizationState;
import dev.relayauth.common.json.Json;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class StrictOrganizationsTest {
  private final StrictOrganizations strict = new StrictOrganizations();

  @Test
  void knowsThoseThatChoseItUntilTheyChooseOtherwise() {
    apply("org_bank", AuditMode.strict, 1);
    apply("org_acme", AuditMode.buffered, 2);
    apply("org_unset", null, 3);

    assertThat(strict.contains("org_bank")).isTrue();
    assertThat(strict.contains("org_acme")).isFalse();
    assertThat(strict.contains("org_unset")).isFalse();

    apply("org_bank", AuditMode.buffered, 4);
    assertThat(strict.contains("org_bank")).isFalse();
  }

  @Test
  void anEarlierStateThatComesLateChangesNothing() {
    apply("org_bank", AuditMode.strict, 5);
    apply("org_bank", AuditMode.buffered, 4);

    assertThat(strict.contains("org_bank")).isTrue();
  }

  private void apply(String org, @Nullable AuditMode mode, long revision) {
    OrganizationSettings settings =
        new OrganizationSettings(null, null, null, null, mode, null, null, null);
    OrganizationState state =
        new OrganizationState(
            org, "one", null, "EdDSA", settings, Instant.EPOCH, Instant.EPOCH, revision);
    strict.apply(
        new CloudEvent(
            "evt_" + revision,
            "/relayauth/identity",
            "dev.relayauth.organization.updated.v1",
            org,
            EntityKind.ORGANIZATION.key(org, org),
            Instant.EPOCH,
            revision,
            null,
            Json.write(state)));
  }
}
